internal import HTTPTransfers

/// A registry that has what another one has: it is asked first, by pulls alone, and never with a login.
public struct RegistryMirror: Hashable, Sendable {
    /// The registry that it stands in for, as references have it.
    public let registry: String
    /// `https://mirror.example:5000`, or with a path, without a slash at its end.
    public let base: String
    /// `mirror.example:5000`, as certificates and insecure registries are named.
    public let host: String

    /// `[REGISTRY=]URL`; nil for what is no address, or one with credentials, a query or a fragment. Without a
    /// registry it is Docker Hub's, as docker's own `--registry-mirror` is.
    public init?(parsing text: String) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isNamed = sides.count == 2 && !sides[0].contains("://")
        let address = isNamed ? sides[1] : text
        guard address.contains("://"), !address.contains(where: { "?#".contains($0) }), !isNamed || !sides[0].isEmpty,
            let url = TransferURL(address), !url.hasCredentials
        else { return nil }
        registry = isNamed ? sides[0] : "docker.io"
        base = String(address.reversed().drop { $0 == "/" }.reversed())
        host = String(url.place.drop { $0 != "/" }.dropFirst(2))
    }
}
