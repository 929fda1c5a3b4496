internal import HTTPTransfers
internal import LinuxKernel

/// A directory of directories as docker's `certs.d`: `HOST[:PORT]/NAME.crt` is an authority that vouches for the
/// registry, beside the system's; `NAME.cert` and `NAME.key` are what we show it.
public struct CertificateDirectory: Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// What is to be believed of the registry `domain`, and shown to it; nil where there is no directory for it.
    func trust(for domain: String) throws(RegistryClientError) -> TransferTrust? {
        // A reference's domain has no slash; `..` would be another directory.
        guard !domain.contains("/"), domain != "..", domain != "." else { return nil }
        let directory = "\(path)/\(domain)"
        let names: [String]
        do throws(SystemError) {
            let opened = try Descriptor.workingDirectory.open(directory, [.directory])
            names = try opened.descriptor.names().map(\.name.description).sorted()
        } catch {
            if error.errno == .noEntry { return nil }
            throw .unusable(subject: directory, reason: "cannot be read: \(error.errno)")
        }
        return try Self.trust(names, in: directory)
    }

    /// The decision, by the names of the files alone.
    static func trust(_ names: [String], in directory: String) throws(RegistryClientError) -> TransferTrust {
        let authorities = names.filter { $0.hasSuffix(".crt") }
        let certificates = names.filter { $0.hasSuffix(".cert") }
        let keys = names.filter { $0.hasSuffix(".key") }
        for (files, kind) in [(authorities, ".crt"), (certificates, ".cert")] where files.count > 1 {
            throw .unusable(subject: directory, reason: "holds several \(kind) files: put them into one")
        }
        for certificate in certificates where !keys.contains(stem(certificate) + ".key") {
            throw .unusable(subject: directory, reason: "\(certificate) lacks its key \(stem(certificate)).key")
        }
        for key in keys where !certificates.contains(stem(key) + ".cert") {
            throw .unusable(subject: directory, reason: "\(key) lacks its certificate \(stem(key)).cert")
        }
        return TransferTrust(
            authorities: authorities.first.map { "\(directory)/\($0)" },
            clientCertificate: certificates.first.map { "\(directory)/\($0)" },
            clientKey: keys.first.map { "\(directory)/\($0)" })
    }

    private static func stem(_ name: String) -> String { String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) }
}
