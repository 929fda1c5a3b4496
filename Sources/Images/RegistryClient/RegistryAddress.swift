public import HTTPTransfers

/// A way to reach a registry: where, and whom to believe there.
public struct RegistryAddress: Hashable, Sendable {
    /// `https://registry-1.docker.io`, without a slash at its end.
    public let base: String
    public let trust: TransferTrust

    public init(base: String, trust: TransferTrust = TransferTrust()) {
        self.base = base
        self.trust = trust
    }

    public var isEncrypted: Bool { base.hasPrefix("https://") }
}

/// Which registries may be reached how.
public struct RegistryRules: Hashable, Sendable {
    /// `HOST[:PORT]` of registries whose certificates are not looked at and that may be reached without TLS at all.
    public var insecure: Set<String>
    /// Who may stand in for a registry, the first choice first.
    public var mirrors: [RegistryMirror]
    /// Where the certificates of single registries lie; the first directory that has some for a registry counts.
    public var certificates: [CertificateDirectory]

    public init(
        insecure: Set<String> = [], mirrors: [RegistryMirror] = [], certificates: [CertificateDirectory] = []
    ) {
        self.insecure = insecure
        self.mirrors = mirrors
        self.certificates = certificates
    }

    /// The ways to the registry that references call `domain`, the best first. Without TLS is reached what is named
    /// insecure, and what never leaves this machine.
    public func addresses(of domain: String) throws(RegistryClientError) -> [RegistryAddress] {
        let host = domain == "docker.io" ? "registry-1.docker.io" : domain
        let trust = try trust(of: domain)
        let secure = RegistryAddress(base: "https://\(host)", trust: trust)
        return trust.verifies ? [secure] : [secure, RegistryAddress(base: "http://\(host)")]
    }

    /// The way to a mirror: as it was named, and no other.
    func address(of mirror: RegistryMirror) throws(RegistryClientError) -> RegistryAddress {
        RegistryAddress(base: mirror.base, trust: try trust(of: mirror.host))
    }

    private func trust(of domain: String) throws(RegistryClientError) -> TransferTrust {
        var trust = TransferTrust()
        for directory in certificates {
            guard let found = try directory.trust(for: domain) else { continue }
            trust = found
            break
        }
        trust.verifies = !insecure.contains(domain) && !Self.isLoopback(domain)
        return trust
    }

    /// `localhost`, `127.0.0.0/8` and `::1`, with or without a port.
    static func isLoopback(_ domain: String) -> Bool {
        if domain == "[::1]" || domain.hasPrefix("[::1]:") { return true }
        return TransferURL.isLoopback(host: String(domain.prefix { $0 != ":" }))
    }
}
