import Harness
import LinuxKernel
import Testing

@Suite("Images come from other engines and go to them", .leavesNothingBehind)
struct ImageExchangeTests {
    let scratch: Scratch
    let supervisor: Supervisor
    let registry: RegistryProgram

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        registry = try RegistryProgram(in: scratch, root: "registry")
        try supervisor.load("busybox.oci.tar")
    }

    private func id(of image: String) throws -> String {
        try supervisor.wherry("inspect", "--type", "image", "--format", "{{.Id}}", image).succeed()
    }

    /// Fetches what another engine sent to the registry, and runs it.
    private func runs(_ name: String) throws {
        try supervisor.wherry("pull", "--quiet", name).succeed()
        #expect(try supervisor.wherry("run", "--rm", name, "echo", "afloat").succeed() == "afloat\n")
    }

    @Test("docker loads what wherry saves, and pulls what wherry pushes, with the same ID; and the other way round")
    func docker() throws {
        let docker = try Docker(in: scratch, runtime: "runc")
        let (ours, theirs) = ("\(registry.address)/ours/a:1", "\(registry.address)/docker/a:1")
        try supervisor.wherry("tag", "busybox", ours).succeed()
        try supervisor.wherry("save", "--output", scratch("ours.tar"), ours).succeed()
        try docker.command("load", "--input", scratch("ours.tar")).succeed()
        #expect(try docker.inspect(ours, "{{.Id}}") + "\n" == id(of: ours))
        try docker.command("rmi", ours).succeed()
        try supervisor.wherry("push", "--quiet", ours).succeed()
        try docker.command("pull", "--quiet", ours).succeed()
        #expect(try docker.inspect(ours, "{{.Id}}") + "\n" == id(of: ours))

        try docker.command("tag", "busybox", theirs).succeed()
        try docker.command("push", theirs).succeed()
        try runs(theirs)
        #expect(try docker.inspect(theirs, "{{.Id}}") + "\n" == id(of: theirs))
        try docker.command("save", "--output", scratch("theirs.tar"), theirs).succeed()
        let loaded = try supervisor.wherry("load", "--input", scratch("theirs.tar")).succeed()
        #expect(loaded == "Loaded image: \(theirs)\n")
    }

    @Test("podman loads what wherry saves, and pulls what wherry pushes, with the same ID; and the other way round")
    func podman() throws {
        let podman = try Podman(in: scratch, runtime: "runc")
        let (ours, theirs) = ("\(registry.address)/ours/a:1", "\(registry.address)/podman/a:1")
        let format = ["inspect", "--type", "image", "--format", "sha256:{{.Id}}"]
        try supervisor.wherry("tag", "busybox", ours).succeed()
        try supervisor.wherry("save", "--output", scratch("ours.tar"), ours).succeed()
        try podman.command("load", "--input", scratch("ours.tar")).succeed()
        #expect(try podman.command(format + [ours]).succeed() == id(of: ours))
        try podman.command("rmi", ours).succeed()
        try supervisor.wherry("push", "--quiet", ours).succeed()
        try podman.command("pull", "--quiet", "--tls-verify=false", ours).succeed()
        #expect(try podman.command(format + [ours]).succeed() == id(of: ours))

        try podman.command("push", "--quiet", "--tls-verify=false", "busybox", theirs).succeed()
        try runs(theirs)
        try podman.command("save", "--format", "oci-archive", "--output", scratch("theirs.tar"), "busybox").succeed()
        try supervisor.wherry("load", "--input", scratch("theirs.tar")).succeed()
    }

    @Test("Debian's docker-registry takes what wherry pushes, as it is")
    func distribution() throws {
        let debian = try DistributionRegistry(in: scratch)
        let name = "\(debian.address)/a/b:1"
        try supervisor.wherry("tag", "busybox", name).succeed()
        let output = try supervisor.wherry("push", name).succeed()
        let digest = try Command(
            "skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://\(name)"]
        ).succeed()
        #expect(output.contains("1: digest: \(digest.dropLast()) size: "), "\(output)")
        try supervisor.wherry("rmi", name, "busybox").succeed()
        try runs(name)
    }
}
