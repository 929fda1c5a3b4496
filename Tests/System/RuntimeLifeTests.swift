import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// runtime.md, "Lifecycle" and "Operations"; config.md, "POSIX-platform Hooks".
@Suite("A container's life follows the specification", .leavesNothingBehind)
struct RuntimeLifeTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func container(_ script: String, _ configure: (inout RuntimeConfiguration) -> Void = { _ in }) throws
        -> Container
    {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
        return try Container(bundle, in: scratch, by: .wherry)
    }

    private func status(_ container: Container) throws -> ContainerStatus? {
        let outcome = try container.state()
        guard outcome.status == 0 else { return nil }
        return try State(parsing: Array(outcome.output.utf8)).status
    }

    @Test("created, running, stopped, gone; and nothing out of order")
    func states() throws {
        let container = try container("read line < /fifo") { $0.root?.readonly = false }
        try Command("mkfifo", [container.bundle.rootfs + "/fifo"]).succeed()
        #expect(try container.create().status == 0)
        #expect(try status(container) == .created)
        #expect(try container.command("delete", [container.id]).run().status == 1)
        #expect(try container.start().status == 0)
        #expect(try status(container) == .running)
        #expect(try container.start().status == 1)
        #expect(try container.create().status == 1, "the identifier is taken")
        #expect(try status(container) == .running)
        try Files.write(container.bundle.rootfs + "/fifo", "go\n")
        #expect(try container.waitForEnd().shellCode == 0)
        #expect(try status(container) == .stopped)
        #expect(try container.command("kill", [container.id, "TERM"]).run().status == 1)
        #expect(try container.command("delete", [container.id]).run().status == 0)
        #expect(try status(container) == nil)
        #expect(Files.names(in: container.root).filter { !$0.hasPrefix("seccomp:") } == [])
    }

    /// A hook that appends `word` and the state's status to a file.
    private func hook(_ word: String, _ log: String) -> [Hook] {
        let script = "echo \(word) $(grep -o '\"status\":\"[a-z]*\"') >> \(log)"
        return [Hook(path: "/bin/sh", args: ["sh", "-c", script], env: ["PATH=/bin:/usr/bin"])]
    }

    @Test("hooks run in their order, each with the state of its moment")
    func hooks() throws {
        let log = scratch("hooks")
        let container = try container("echo program >> /log/hooks") {
            $0.hooks = Hooks(
                prestart: hook("prestart", log), createRuntime: hook("createRuntime", log),
                createContainer: hook("createContainer", log), startContainer: hook("startContainer", "/log/hooks"),
                poststart: hook("poststart", log), poststop: hook("poststop", log))
            $0.mounts?.append(
                Mount(destination: "/log", type: "bind", source: scratch.path, options: ["bind"]))
        }
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 0)
        _ = try container.waitForEnd()
        #expect(try container.command("delete", [container.id]).run().status == 0)
        let lines = try Files.read(log).split(separator: "\n").map(String.init)
        let expected = [
            "prestart \"status\":\"creating\"", "createRuntime \"status\":\"creating\"",
            "createContainer \"status\":\"creating\"", "startContainer \"status\":\"created\"",
        ]
        #expect(Array(lines.prefix(4)) == expected)
        // The program and poststart run at the same time.
        #expect(Set(lines.dropFirst(4).dropLast()) == ["program", "poststart \"status\":\"running\""])
        #expect(lines.last == "poststop \"status\":\"stopped\"")
    }

    @Test("a hook that fails in createRuntime stops the container, and nothing is left")
    func failingHook() throws {
        let container = try container("true") {
            $0.hooks = Hooks(createRuntime: [Hook(path: "/bin/sh", args: ["sh", "-c", "echo why >&2; exit 3"])])
        }
        let outcome = try container.run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("why"))
        #expect(try status(container) == nil)
    }

    @Test("a hook that takes longer than its timeout is killed")
    func slowHook() throws {
        let container = try container("true") {
            $0.hooks = Hooks(createRuntime: [Hook(path: "/bin/sleep", args: ["sleep", "1000"], timeout: 1)])
        }
        #expect(try container.run().status == 1)
    }

    @Test("a startContainer hook that fails makes start fail and ends the container")
    func failingStart() throws {
        let container = try container("true") {
            $0.hooks = Hooks(startContainer: [Hook(path: "/bin/false")])
        }
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 1)
        #expect(try container.waitForEnd().shellCode == 1)
        #expect(try status(container) == .stopped)
    }

    @Test("a program that is not there, cannot be executed, or is a directory is told before create returns")
    func missingProgram() throws {
        for (program, words) in [
            ("nowhere", "executable file not found in $PATH"), ("/nowhere", "no such file or directory"),
            ("/etc", "is a directory"), ("/plain", "permission denied"),
        ] {
            let container = try container("true") { $0.process?.args = [program] }
            _ = try Command("mkdir", ["-p", container.bundle.rootfs + "/etc"]).succeed()
            try Files.write(container.bundle.rootfs + "/plain", "text")
            let outcome = try container.create()
            #expect(outcome.status == 1)
            #expect(try Files.read(container.log).contains(words), "\(program)")
            #expect(try status(container) == nil)
        }
    }

    @Test("a runtime that is killed while it creates leaves nothing that delete --force cannot remove")
    func killedRuntime() throws {
        let hook = [Hook(path: "/bin/sh", args: ["sh", "-c", "kill -9 $PPID"])]
        let container = try container("sleep 1000") { $0.hooks = Hooks(createRuntime: hook) }
        let outcome = try container.create()
        #expect(outcome.status == 137)
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
        #expect(try status(container) == nil)
    }

    @Test("a user namespace, a time namespace and a cgroup namespace, for the first process and for exec")
    func namespaces() throws {
        let container = try container("sleep 1000") {
            let mapping = [IDMapping(containerID: 0, hostID: 100_000, size: 65_536)]
            // Where cgroup v2 is alone, every bundle of ours has a cgroup namespace.
            $0.linux?.namespaces?.removeAll { $0.type == .cgroup }
            $0.linux?.namespaces? += [.init(type: .user), .init(type: .time), .init(type: .cgroup)]
            $0.linux?.uidMappings = mapping
            $0.linux?.gidMappings = mapping
            $0.linux?.timeOffsets = ["boottime": TimeOffset(secs: 10_000_000)]
        }
        try Command("chown", ["-R", "100000:100000", container.bundle.rootfs]).succeed()
        let created = try container.create()
        #expect(created.status == 0, "\(created)")
        #expect(try container.start().status == 0)
        let script = "cat /proc/self/uid_map; cut -d. -f1 /proc/uptime; grep -c ':/$' /proc/self/cgroup"
        let lines = try container.command("exec", [container.id, "sh", "-c", script]).run().output
            .split(separator: "\n")
        #expect(lines.first?.split(separator: " ") == ["0", "100000", "65536"])
        #expect(lines.count == 3)
        #expect((lines.dropFirst().first.flatMap { Int($0) } ?? 0) > 10_000_000)
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("a namespace of another container's is joined by its path")
    func joined() throws {
        let first = try container("hostname first; sleep 1000") {
            $0.process?.capabilities = Capabilities(
                bounding: ["CAP_SYS_ADMIN"], effective: ["CAP_SYS_ADMIN"], permitted: ["CAP_SYS_ADMIN"])
            $0.hostname = "shared"
        }
        #expect(try first.create().status == 0)
        #expect(try first.start().status == 0)
        let pid = try #require(try first.pid)
        let bundle = try Bundle(in: scratch, named: "second", running: ["sh", "-c", "readlink /proc/self/ns/uts"]) {
            $0.hostname = nil
            let own = $0.linux?.namespaces ?? []
            $0.linux?.namespaces = own.map { namespace in
                let name = ["uts": "uts", "network": "net", "ipc": "ipc"][namespace.type.rawValue]
                return Namespace(type: namespace.type, path: name.map { "/proc/\(pid)/ns/\($0)" })
            }
        }
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        let expected = try Descriptor.workingDirectory.readSymbolicLink("/proc/\(pid)/ns/uts")
        #expect(outcome.output == expected + "\n")
        #expect(try first.command("delete", ["--force", first.id]).run().status == 0)
    }

    @Test("run in the foreground passes on a signal and hands back the exit status")
    func signals() throws {
        let container = try container("trap 'exit 7' TERM; echo up; while :; do read -t 1 line; done")
        let program = try container.command("run", ["--bundle", container.bundle.path, container.id]).start()
        try program.waitForOutput("up")
        try program.signal(Signal.terminate)
        #expect(try program.wait().status == 7)
    }

    @Test("run in the foreground carries a terminal")
    func terminal() throws {
        let container = try container("tty; test -c /dev/console && stty size; exit 4") {
            $0.process?.terminal = true
        }
        let program = try container.command("run", ["--bundle", container.bundle.path, container.id])
            .startOnTerminal(TerminalSize(columns: 91, rows: 17))
        let outcome = try program.wait()
        #expect(outcome.status == 4)
        #expect(outcome.output.contains("/dev/pts/0"))
        #expect(outcome.output.contains("17 91"))
    }

    @Test("descriptors are passed on when asked for, and a missing one is an error")
    func descriptors() throws {
        let container = try container("cat <&3")
        var command = container.command(
            "run", ["--preserve-fds", "1", "--bundle", container.bundle.path, container.id])
        let file = try Descriptor.workingDirectory.open(try scratch.file("passed", "through"))
        command.passed = [file.descriptor]
        #expect(try command.run().output == "through")
        command.passed = []
        let outcome = try command.run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("descriptor 3 is not open"))
    }
}
