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

    public init(insecure: Set<String> = []) { self.insecure = insecure }

    /// The ways to the registry that references call `domain`, the best first. Without TLS is reached what is named
    /// insecure, and what never leaves this machine.
    public func addresses(of domain: String) -> [RegistryAddress] {
        let host = domain == "docker.io" ? "registry-1.docker.io" : domain
        guard insecure.contains(domain) || Self.isLoopback(domain) else {
            return [RegistryAddress(base: "https://\(host)")]
        }
        return [
            RegistryAddress(base: "https://\(host)", trust: TransferTrust(verifies: false)),
            RegistryAddress(base: "http://\(host)"),
        ]
    }

    /// `localhost`, `127.0.0.0/8` and `::1`, with or without a port.
    static func isLoopback(_ domain: String) -> Bool {
        if domain == "[::1]" || domain.hasPrefix("[::1]:") { return true }
        let host = domain.prefix { $0 != ":" }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost"
            || (numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil })
    }
}
