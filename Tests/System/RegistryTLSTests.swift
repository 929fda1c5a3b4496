import Harness
import LinuxKernel
import Testing

@Suite("wherry-registry speaks TLS", .leavesNothingBehind)
struct RegistryTLSTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try makeCertificate("server")
    }

    /// A certificate that is its own authority.
    private func makeCertificate(_ name: String) throws {
        try Command(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", scratch("\(name).key"), "-out",
                scratch("\(name).pem"),
            ]
        ).succeed()
    }

    private func start(_ more: [String] = []) throws -> RegistryProgram {
        try RegistryProgram(
            in: scratch,
            ["--tls-certificate", scratch("server.pem"), "--tls-key", scratch("server.key")] + more)
    }

    /// What curl ends with when it asks for the version and trusts `authority`.
    private func ask(_ registry: RegistryProgram, trusting authority: String, _ more: [String] = []) throws -> Int {
        let arguments = ["--silent", "--output", "/dev/null", "--cacert", scratch("\(authority).pem")]
        return Int(try Command("curl", arguments + more + ["https://\(registry.address)/v2/"]).run().status)
    }

    @Test("skopeo pushes and pulls, and gets what it pushed")
    func skopeo() throws {
        let registry = try start()
        try scratch.directory("trust")
        try Files.write(scratch("trust/ca.crt"), try Files.read(scratch("server.pem")))
        let layout = "oci:\(try TestImages.path("busybox.oci")):latest"
        let name = "docker://\(registry.address)/a/b:1"
        try Command(
            "skopeo", ["--insecure-policy", "copy", "--quiet", "--dest-cert-dir", scratch("trust"), layout, name]
        ).succeed()
        try Command(
            "skopeo",
            [
                "--insecure-policy", "copy", "--quiet", "--src-cert-dir", scratch("trust"), name,
                "dir:\(scratch("back"))",
            ]
        ).succeed()
        #expect(
            try Command("skopeo", ["inspect", "--raw", "dir:\(scratch("back"))"]).succeed()
                == Command("skopeo", ["inspect", "--raw", layout]).succeed())
    }

    @Test("TLS 1.2 and 1.3 are spoken, and nothing older", arguments: [("1_1", false), ("1_2", true), ("1_3", true)])
    func versions(_ version: String, _ isSpoken: Bool) throws {
        let registry = try start()
        let outcome = try Command(
            "openssl",
            ["s_client", "-connect", registry.address, "-tls\(version)", "-cipher", "DEFAULT:@SECLEVEL=0", "-brief"]
        ).run()
        #expect((outcome.status == 0) == isSpoken, "\(outcome)")
        #expect(try ask(registry, trusting: "server") == 0)
    }

    @Test("with --tls-client-ca, only clients with a certificate of these authorities get in")
    func clients() throws {
        for name in ["client", "stranger"] { try makeCertificate(name) }
        let registry = try start(["--tls-client-ca", scratch("client.pem")])
        func certificate(_ name: String) -> [String] {
            ["--cert", scratch("\(name).pem"), "--key", scratch("\(name).key")]
        }
        #expect(try ask(registry, trusting: "server", certificate("client")) == 0)
        #expect(try ask(registry, trusting: "server", certificate("stranger")) != 0)
        #expect(try ask(registry, trusting: "server") != 0)
    }

    @Test("SIGHUP has the certificate read again; one that cannot be used leaves the old one")
    func reload() throws {
        let registry = try start()
        #expect(try ask(registry, trusting: "server") == 0)
        try Files.write(scratch("old.pem"), try Files.read(scratch("server.pem")))
        try makeCertificate("server")
        try registry.program.signal(Signal.hangUp)
        try registry.program.waitForErrors("was read again")
        #expect(try ask(registry, trusting: "server") == 0)
        #expect(try ask(registry, trusting: "old") != 0)
        try Files.write(scratch("server.key"), "nothing")
        try registry.program.signal(Signal.hangUp)
        try registry.program.waitForErrors("stays as it was: key")
        #expect(try ask(registry, trusting: "server") == 0)
    }

    @Test("a key of another certificate, or a certificate without a key, is refused in one line")
    func refusals() throws {
        try makeCertificate("other")
        for options in [["--tls-key", scratch("other.key")], [], ["--tls-key", scratch("none.key")]] {
            let outcome = try Command(
                try Programs.ours("wherry-registry"),
                [
                    "serve", "--root", scratch("root"), "--listen", "127.0.0.1:0", "--tls-certificate",
                    scratch("server.pem"),
                ]
                    + options
            ).run()
            #expect(outcome.status == 1)
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        }
    }
}
