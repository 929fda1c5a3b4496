import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// config.md, "POSIX-platform Hooks"; where it says nothing, what runc does.
@Suite("Hooks run where and as their users know it, and their failures count", .leavesNothingBehind)
struct RuntimeHookTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func container(_ script: String, _ configure: (inout RuntimeConfiguration) -> Void = { _ in }) throws
        -> Container
    {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
        return try Container(bundle, in: scratch, by: .wherry)
    }

    private func shell(_ script: String) -> Hook { Hook(path: "/bin/sh", args: ["sh", "-c", script]) }

    @Test("run fails when a poststart hook fails, stops the container, runs its poststop hooks, and leaves nothing")
    func poststartOfRun() throws {
        let log = scratch("log")
        for options in [[], ["--detach"]] {
            let container = try container("sleep 1000") {
                $0.hooks = Hooks(
                    poststart: [shell("echo one"), shell("exit 4"), shell("echo three > \(log)")],
                    poststop: [shell("echo stopped > \(log)")])
            }
            let outcome = try container.run(options)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("error running poststart hook #1: /bin/sh exited with status 4"))
            #expect(try container.state().status == 1)
            #expect(try Files.read(log) == "stopped\n")
        }
    }

    @Test("start fails when a poststart hook fails, and stops the container")
    func poststartOfStart() throws {
        let container = try container("sleep 1000") { $0.hooks = Hooks(poststart: [shell("exit 4")]) }
        #expect(try container.create().status == 0)
        let outcome = try container.start()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("error running poststart hook #0"))
        #expect(try container.waitForEnd().shellCode == 128 + Signal.kill)
        #expect(try container.command("delete", [container.id]).run().status == 0)
    }

    @Test("a startContainer hook without an environment has the process's, another one has its own")
    func environment() throws {
        let container = try container("cat /seen") {
            $0.root?.readonly = false
            $0.process?.env = ["PATH=/bin", "WORD=of the process"]
            $0.hooks = Hooks(startContainer: [
                shell("echo $WORD $HOME > /seen"),
                Hook(path: "/bin/sh", args: ["sh", "-c", "echo $WORD >> /seen"], env: ["WORD=its own"]),
            ])
        }
        #expect(try container.run().output == "of the process /root\nits own\n")
    }

    @Test("a hook of the runtime without an environment has the runtime's, and works in the bundle")
    func environmentOutside() throws {
        let log = scratch("log")
        let hook = shell("echo $WORD $(pwd) >> \(log)")
        let container = try container("true") { $0.hooks = Hooks(prestart: [hook], createRuntime: [hook]) }
        let run = container.command("run", ["--bundle", container.bundle.path, container.id])
        try run.changed { $0.environment.append("WORD=outside") }.succeed()
        let line = "outside \(container.bundle.path)\n"
        #expect(try Files.read(log) == line + line)
    }

    @Test("a createContainer hook works in the root filesystem, in the container's mount namespace")
    func createContainer() throws {
        let container = try container("cat /mounted/file") {
            $0.hooks = Hooks(createContainer: [
                shell("/bin/mkdir mounted; /bin/mount -t tmpfs none ./mounted; echo inside > mounted/file")
            ])
        }
        #expect(try container.run().output == "inside\n")
        #expect(!Files.exists(container.bundle.rootfs + "/mounted/file"))
    }
}
