import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// runtime.md, "Create" and "Delete"; what a container that waits has, hears, and leaves.
@Suite("A container that waits holds nothing of the host's, and goes whenever it is told to", .leavesNothingBehind)
struct RuntimeCreationTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func container(
        _ arguments: [String] = ["sleep", "1000"], _ configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> Container {
        try Container(try Bundle(in: scratch, running: arguments, configure: configure), in: scratch, by: .wherry)
    }

    /// What the descriptors of a process are, but for its streams.
    private func descriptors(of pid: Int32) throws -> [String] {
        try Files.names(in: "/proc/\(pid)/fd").filter { !["0", "1", "2"].contains($0) }.map {
            try Descriptor.workingDirectory.readSymbolicLink("/proc/\(pid)/fd/\($0)")
        }
    }

    @Test("a process that waits for start has its root, a procfs of its own and the pipe open, nothing else")
    func waitingDescriptors() throws {
        let container = try container { $0.linux?.sysctl = ["net.ipv4.ip_forward": "1"] }
        #expect(try container.create().status == 0)
        let process = try #require(try container.pid)
        // The runtime hears that all is ready by what the process closes last.
        try eventually("the process holds nothing else") {
            Set(try descriptors(of: process)) == ["/", container.root + "/" + container.id + "/exec.fifo"]
        }
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("a process that waits for start ends by TERM, INT, HUP and QUIT", arguments: ["TERM", "INT", "HUP", "QUIT"])
    func signals(_ signal: String) throws {
        let container = try container()
        #expect(try container.create().status == 0)
        #expect(try container.command("kill", [container.id, signal]).run().status == 0)
        #expect(try container.waitForEnd().shellCode == 128 + (try #require(Signal.number(named: signal))))
        let outcome = try container.start()
        #expect(outcome.status == 1)
        #expect(try container.command("delete", [container.id]).run().status == 0)
    }

    @Test("a program whose interpreter is missing says so on the container's own standard error, and ends with 255")
    func missingInterpreter() throws {
        let container = try container(["/script"])
        try Files.write(container.bundle.rootfs + "/script", "#!/nowhere\n", mode: 0o755)
        let outcome = try container.run()
        #expect(outcome.status == 255)
        #expect(outcome.errors == "exec /script: no such file or directory\n")
    }

    @Test("create killed at any instant leaves nothing that delete --force cannot remove")
    func killedAtAnyInstant() throws {
        let whole = try container { $0.linux?.devices = [Device(path: "/dev/more", type: "c", major: 1, minor: 3)] }
        let before = monotonicTime()
        #expect(try whole.create().status == 0)
        let duration = Double(monotonicTime() - before) / 1e6
        #expect(try whole.command("delete", ["--force", whole.id]).run().status == 0)
        let never = try Pipe()
        for _ in 0..<40 {
            let container = try Container(whole.bundle, in: scratch, by: .wherry)
            let create = container.command("create", ["--bundle", container.bundle.path, container.id])
            let program = try create.changed { $0.output = .file(container.log) }.start()
            // Its end comes early or late at random, or after it has done everything.
            _ = try never.reader.descriptor.wait(
                for: .readable, milliseconds: CInt(Double.random(in: 0...(duration + 2))))
            try? program.signal(Signal.kill)
            _ = try program.wait()
            let outcome = try container.command("delete", ["--force", container.id]).run()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try container.state().status == 1)
            #expect(Files.names(in: container.root).filter { !$0.hasPrefix("seccomp:") } == [])
            #expect(try Command("find", ["/sys/fs/cgroup", "-name", container.id]).succeed() == "")
        }
    }
}
