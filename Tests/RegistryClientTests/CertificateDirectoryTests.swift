import HTTPTransfers
import Harness
import Testing

@testable import RegistryClient

@Suite("Certificates lie by host, as docker's certs.d has them")
struct CertificateDirectoryTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("an authority, a certificate and its key are taken for their host and port alone")
    func found() throws {
        let directory = try scratch.directory("certs.d/example.org:5000")
        for name in ["ca.crt", "client.cert", "client.key", "readme"] {
            try scratch.file("certs.d/example.org:5000/\(name)", "")
        }
        let rules = RegistryRules(certificates: [
            CertificateDirectory(scratch("none")), CertificateDirectory(scratch("certs.d")),
        ])
        let trust = TransferTrust(
            authorities: directory + "/ca.crt", clientCertificate: directory + "/client.cert",
            clientKey: directory + "/client.key")
        #expect(try rules.addresses(of: "example.org:5000").map(\.trust) == [trust])
        #expect(try rules.addresses(of: "example.org").map(\.trust) == [TransferTrust()])
        let mirror = try #require(RegistryMirror(parsing: "https://example.org:5000"))
        #expect(try rules.address(of: mirror).trust == trust)
    }

    @Test("the first directory that has one for the host counts")
    func order() throws {
        let first = try scratch.directory("a/example.org")
        try scratch.directory("b/example.org")
        try scratch.file("a/example.org/ca.crt", "")
        let rules = RegistryRules(certificates: ["a", "b"].map { CertificateDirectory(scratch($0)) })
        #expect(try rules.addresses(of: "example.org")[0].trust.authorities == first + "/ca.crt")
    }

    @Test("a registry that is named insecure is shown our certificate, and not verified")
    func insecure() throws {
        try scratch.directory("example.org")
        for name in ["a.cert", "a.key"] { try scratch.file("example.org/\(name)", "") }
        let rules = RegistryRules(insecure: ["example.org"], certificates: [CertificateDirectory(scratch.path)])
        let trust = try rules.addresses(of: "example.org")[0].trust
        #expect(!trust.verifies && trust.clientCertificate == scratch("example.org/a.cert"))
    }

    @Test(
        "what is incomplete or ambiguous is refused by its name",
        arguments: [
            (["a.cert"], "a.cert lacks its key a.key"), (["a.key"], "a.key lacks its certificate a.cert"),
            (["a.cert", "b.key"], "a.cert lacks its key a.key"),
            (["a.crt", "b.crt"], "holds several .crt files: put them into one"),
            (["a.cert", "a.key", "b.cert", "b.key"], "holds several .cert files: put them into one"),
        ])
    func refused(_ names: [String], _ reason: String) {
        #expect(throws: RegistryClientError.unusable(subject: "/d", reason: reason)) {
            try CertificateDirectory.trust(names, in: "/d")
        }
    }

    @Test("no domain leads out of the directory", arguments: ["..", ".", "../x", "a/b"])
    func escapes(_ domain: String) throws {
        try scratch.directory("certs.d")
        try scratch.file("ca.crt", "")
        #expect(try CertificateDirectory(scratch("certs.d")).trust(for: domain) == nil)
    }
}
