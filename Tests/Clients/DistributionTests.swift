import Harness
import LinuxKernel
import Testing

@Suite("wherry with Debian's docker-registry", .leavesNothingBehind)
struct DistributionTests {
    let scratch: Scratch
    let supervisor: Supervisor
    let registry: DistributionRegistry

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        registry = try DistributionRegistry(in: scratch)
    }

    @Test("wherry pull fetches an image that then runs")
    func pull() throws {
        let name = "\(registry.address)/a/b:1"
        try Command(
            "skopeo",
            [
                "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false",
                "oci-archive:\(try TestImages.path("busybox.oci.tar"))", "docker://\(name)",
            ]
        ).succeed()
        try supervisor.wherry("pull", "--quiet", name).succeed()
        #expect(try supervisor.wherry("run", "--rm", name, "echo", "afloat").succeed() == "afloat\n")
    }
}

/// A docker-registry on a port of its own, with a folder and nothing else.
final class DistributionRegistry {
    let address: String
    private let program: RunningProgram

    init(in scratch: Scratch) throws {
        let configuration = try scratch.file(
            "distribution.yml",
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: \(scratch("distribution"))}}
            http: {addr: "127.0.0.1:0"}
            """)
        program = try Command("docker-registry", ["serve", configuration]).start()
        try program.waitForErrors("listening on ")
        let said = program.errorsSoFar.split(separator: "listening on ")
        address = String(said.last?.prefix { !$0.isWhitespace && $0 != "\"" } ?? "")
    }
}
