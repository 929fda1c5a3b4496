import Harness
import Testing

@Suite("conmon and buildah drive the runtime", .leavesNothingBehind)
struct ConmonTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("conmon creates a container, keeps its log and its exit status", arguments: runtimesUnderTest)
    func conmon(_ runtime: String) throws {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", "echo out; echo err >&2; exit 6"])
        let exits = try scratch.directory("exits")
        let program = try runtimePath(runtime)
        let state = ["--root", scratch("state")]
        let names = ["--cid", "wherry-conmon", "--cuuid", "wherry-conmon", "--bundle", bundle.path]
        let files = ["--container-pidfile", scratch("pid"), "--log-path", "k8s-file:\(scratch("log"))"]
        let folders = ["--exit-dir", exits, "--socket-dir-path", scratch.path]
        let rest = ["--runtime", program] + state.map { "--runtime-arg=\($0)" }
        let conmon = try Command("conmon", ["--api-version", "1", "--sync"] + names + files + folders + rest).start()
        try eventually("the container is created") {
            try Command(program, state + ["state", "wherry-conmon"]).run().output.contains("\"status\": \"created\"")
        }
        try Command(program, state + ["start", "wherry-conmon"]).succeed()
        #expect(try conmon.wait(within: 30).status == 6)
        #expect(try Files.read("\(exits)/wherry-conmon") == "6")
        let log = try Files.read(scratch("log"))
        #expect(log.contains(" stdout F out\n") && log.contains(" stderr F err\n"), "\(log)")
        try Command(program, state + ["delete", "wherry-conmon"]).succeed()
    }

    @Test("buildah runs a step of a build", arguments: runtimesUnderTest)
    func buildah(_ runtime: String) throws {
        let stores = ["--root", scratch("r"), "--runroot", scratch("q"), "--storage-driver", "vfs"]
        func buildah(_ arguments: String...) -> Command { Command("buildah", stores + arguments) }
        let image = "docker-archive:\(try TestImages.path("busybox.docker.tar"))"
        let name = try buildah("from", "--quiet", image).succeed().filter { $0 != "\n" }
        func run(_ arguments: String...) throws -> Outcome {
            let options = ["--runtime", try runtimePath(runtime), "--isolation", "oci", "--network", "none"]
            return try Command("buildah", stores + ["run"] + options + [name] + arguments).run()
        }
        let step = try run("sh", "-c", "echo built >/file; exit 3")
        #expect(step.status == 3, "\(step)")
        #expect(try run("cat", "/file").output == "built\n")
        try buildah("rm", name).succeed()
    }
}
