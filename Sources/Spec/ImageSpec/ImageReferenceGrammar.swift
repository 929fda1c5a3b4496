// The grammar of distribution's reference package: each step takes what it knows from the end or the front of a name.

extension ImageReference {
    static let maximumPathLength = 255
    static let maximumTagLength = 128

    static func refusal(_ text: String, _ reason: String) -> ImageSpecError {
        ImageSpecError(.invalidReference, "invalid reference \(quoted(text)): \(reason)")
    }

    static func takeDigest(_ rest: Substring, of text: String) throws(ImageSpecError) -> (Digest?, Substring) {
        guard let at = rest.firstIndex(of: "@") else { return (nil, rest) }
        do { return (try Digest(rest[rest.index(after: at)...]), rest[..<at]) } catch {
            throw refusal(text, error.reason)
        }
    }

    /// A colon after the last slash starts a tag; one before it belongs to a port.
    static func takeTag(_ rest: Substring, of text: String) throws(ImageSpecError) -> (String?, Substring) {
        let lastComponent = rest.lastIndex(of: "/").map { rest[rest.index(after: $0)...] } ?? rest
        guard let colon = lastComponent.firstIndex(of: ":") else { return (nil, rest) }
        let tag = String(rest[rest.index(after: colon)...])
        guard isTag(tag) else {
            throw refusal(text, "a tag is at most \(maximumTagLength) letters, digits, \"_\", \".\" and \"-\"")
        }
        return (tag, rest[..<colon])
    }

    /// The first component is a host if it has a dot or a colon, is `localhost`, or has capitals, which no path may.
    static func takeDomain(_ rest: Substring, of text: String) throws(ImageSpecError) -> (String, Substring) {
        guard let slash = rest.firstIndex(of: "/") else { return (defaultDomain, rest) }
        let host = rest[..<slash]
        let looksLikeHost = host.contains { $0 == "." || $0 == ":" || $0.isUppercase } || host == "localhost"
        guard looksLikeHost else { return (defaultDomain, rest) }
        guard isDomain(host) else { throw refusal(text, "\(quoted(host)) is not a registry's HOST[:PORT]") }
        return (host == legacyDefaultDomain ? defaultDomain : String(host), rest[rest.index(after: slash)...])
    }

    /// Whether `text` is a repository's name, without a registry's: components parted by slashes.
    public static func isRepositoryPath(_ text: String) -> Bool {
        hasPathComponents(text) && text.utf8.count <= maximumPathLength
    }

    private static func hasPathComponents(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isPathComponent)
    }

    static func validate(path: String, of text: String) throws(ImageSpecError) {
        guard hasPathComponents(path) else {
            throw refusal(
                text,
                path.utf8.contains(where: \.isUpperLetter)
                    ? "repository name must be lowercase"
                    : "a repository name is lower-case letters and digits, parted by \".\", \"_\", \"__\", \"-\" or \"/\""
            )
        }
        guard path.utf8.count <= maximumPathLength else {
            throw refusal(text, "repository name must not be more than \(maximumPathLength) characters")
        }
    }

    /// `[\w][\w.-]{0,127}`
    public static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= maximumTagLength else { return false }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || $0 == 0x2e || $0 == 0x2d }
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte == 0x5f }

    /// `HOST[:PORT]`, where HOST is a domain name, an IPv4 address or an IPv6 address in brackets.
    private static func isDomain(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            let port = text[text.index(after: colon)...]
            guard !port.isEmpty, port.utf8.allSatisfy(\.isDigit) else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = host.dropFirst().dropLast().utf8
            return !address.isEmpty
                && address.allSatisfy { $0.isLowerHexadecimal || (0x41...0x46).contains($0) || $0 == 0x3a }
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isDomainComponent)
    }

    private static func isDomainComponent(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return first.isAlphanumeric && last.isAlphanumeric && text.utf8.allSatisfy { $0.isAlphanumeric || $0 == 0x2d }
    }

    /// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
    private static func isPathComponent(_ text: Substring) -> Bool {
        let isLetter = { (byte: UInt8) in byte.isDigit || byte.isLowerLetter }
        guard let first = text.utf8.first, let last = text.utf8.last, isLetter(first), isLetter(last) else {
            return false
        }
        return text.utf8.split(whereSeparator: isLetter).allSatisfy { separator in
            let bytes = Array(separator)
            return bytes == [0x2e] || bytes == [0x5f] || bytes == [0x5f, 0x5f] || bytes.allSatisfy { $0 == 0x2d }
        }
    }
}
