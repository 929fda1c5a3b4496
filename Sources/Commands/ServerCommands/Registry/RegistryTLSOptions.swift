internal import ArgumentParser
internal import CommandKit
internal import TransportSecurity

/// Whether the registry speaks TLS, and with which certificate.
struct RegistryTLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Speak TLS with this certificate, and those that lead to its authority.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("Take only clients that have a certificate of these authorities.", valueName: "file"))
    var tlsClientCA: String?

    func identity() throws(CommandFailure) -> TLSIdentity? {
        guard let tlsCertificate, let tlsKey else {
            guard tlsCertificate == nil, tlsKey == nil, tlsClientCA == nil else {
                throw CommandFailure("TLS takes both --tls-certificate and --tls-key")
            }
            return nil
        }
        let files = TLSFiles(certificate: tlsCertificate, key: tlsKey, clientAuthorities: tlsClientCA)
        do { return try TLSIdentity(files) } catch { throw CommandFailure("TLS: \(error)") }
    }
}
