internal import HTTPTransfers

/// Where an answer leads, and what may go along (foreign-credentials).
enum Redirection {
    static let most = 5

    /// The request that follows `request` after `head`; nil when that leads nowhere. Only questions are asked again
    /// elsewhere.
    static func next(_ request: TransferRequest, _ head: TransferHead, subject: String)
        throws(RegistryClientError) -> TransferRequest?
    {
        guard [301, 302, 303, 307, 308].contains(head.status), let location = head["location"],
            request.method == .get || request.method == .head
        else { return nil }
        return try follow(request, to: location, subject: subject)
    }

    /// The same request to `location`, absolute or seen from where it went; never over less than that, and credentials
    /// stay with the host that they are for.
    static func follow(_ request: TransferRequest, to location: String, subject: String)
        throws(RegistryClientError) -> TransferRequest
    {
        guard let here = TransferURL(request.url), let there = here.resolving(location), !there.hasCredentials else {
            throw .untrustworthy(subject: subject, reason: "the registry leads to an address that is none")
        }
        guard here.scheme == "http" || there.scheme == "https" else {
            throw .untrustworthy(
                subject: subject, reason: "the registry leads from TLS to \(there.place), which is without")
        }
        var next = request
        next.url = there.description
        if here.origin != there.origin {
            next.fields.removeAll { ["authorization", "cookie"].contains($0.name.lowercased()) }
            next.trust = TransferTrust()
        }
        return next
    }
}
