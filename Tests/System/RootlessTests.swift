import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("An ordinary user runs containers", .leavesNothingBehind)
struct RootlessTests {
    let scratch: Scratch
    private var program: String { scratch("wherry-runtime") }

    /// The user must be able to reach all of it.
    init() throws {
        scratch = try Scratch()
        try Command("cp", [try Programs.wherryRuntime, scratch("wherry-runtime")]).succeed()
        try Command("chmod", ["755", scratch.path, scratch("wherry-runtime")]).succeed()
    }

    private func command(as user: UInt32, _ arguments: [String], in directory: String) -> Command {
        let identity = ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--"]
        return Command("setpriv", identity + [program, "--root", scratch("state")] + arguments)
            .changed { $0.directory = directory }
    }

    /// A bundle of what `spec --rootless` writes, with changes, that belongs to `user`.
    private func bundle(
        of user: UInt32, running arguments: [String], configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> Bundle {
        let bundle = try Bundle(in: scratch, running: arguments)
        try Command("rm", [bundle.path + "/config.json"]).succeed()
        for folder in ["state", "bundle"] { try Command("mkdir", ["-p", scratch(folder)]).succeed() }
        try Command("chown", ["-R", "\(user):\(user)", bundle.path, scratch("state")]).succeed()
        try Command("chmod", ["755", bundle.path]).succeed()
        try command(as: user, ["spec", "--rootless"], in: bundle.path).succeed()
        let text = try Files.read(bundle.path + "/config.json")
        var configuration = try RuntimeConfiguration(parsing: Array(text.utf8))
        configuration.process?.terminal = false
        configuration.process?.args = arguments
        configure(&configuration)
        bundle.configuration = configuration
        try bundle.write()
        return bundle
    }

    @Test("what spec --rootless writes maps nobody but the user, and needs no help")
    func alone() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["sh", "-c", "id -u; cat /proc/self/uid_map"])
        let outcome = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(outcome.lines.first == "0", "\(outcome)")
        #expect(outcome.lines.last?.split(separator: " ") == ["0", "65533", "1"], "\(outcome)")
    }

    @Test("further users are mapped by newuidmap and newgidmap, from /etc/subuid and /etc/subgid")
    func subordinate() throws {
        let name = "wherry-test"
        let user: UInt32 = 59_234
        let (first, count): (UInt32, UInt32) = (700_000, 65_536)
        try Command("groupadd", ["--gid", "\(user)", name]).succeed()
        try Command("useradd", ["--no-create-home", "--uid", "\(user)", "--gid", "\(user)", name]).succeed()
        defer { _ = try? Command("userdel", [name]).run() }
        let range = "\(first)-\(first + count - 1)"
        try Command("usermod", ["--add-subuids", range, "--add-subgids", range, name]).succeed()
        let bundle = try bundle(of: user, running: ["sleep", "1000"]) {
            let mapping = IDMapping(containerID: 1, hostID: first, size: count)
            $0.linux?.uidMappings?.append(mapping)
            $0.linux?.gidMappings?.append(mapping)
        }
        let started = try command(as: user, ["run", "--detach", "box"], in: bundle.path)
            .changed { $0.output = .file(scratch("log")) }.run()
        let log = try Files.read(scratch("log"))
        #expect(started.status == 0, "\(log)")
        defer { _ = try? command(as: user, ["delete", "--force", "box"], in: bundle.path).run() }
        let exec = ["exec", "--user", "5:6", "box", "sh", "-c", "id -u; id -g"]
        #expect(try command(as: user, exec, in: bundle.path).run().lines == ["5", "6"])
        #expect(try command(as: user, ["state", "box"], in: bundle.path).run().output.contains("running"))
    }

    @Test("cgroup-writable: without a cgroup namespace a container neither sees nor changes what else is the user's")
    func othersCgroups() throws {
        let user: UInt32 = 65_533
        let script = """
            find /sys/fs/cgroup -name 'wherry-test-other*'
            for d in $(find /sys/fs/cgroup -type d); do mkdir $d/wherry-test-escaped && echo $d; done 2>/dev/null
            echo done
            """
        let bundle = try bundle(of: user, running: ["sh", "-c", script]) {
            $0.linux?.namespaces?.removeAll { $0.type == .cgroup }
        }
        let controllers = try Machine.hasUnifiedCgroups ? [""] : ["pids/", "memory/"]
        let own = controllers.map { "/sys/fs/cgroup/\($0)wherry-test-user-\(ThisProcess.pid)" }
        defer { for folder in own { _ = try? Command("find", [folder, "-depth", "-type", "d", "-delete"]).run() } }
        for folder in own {
            try Command("mkdir", ["-p", folder + "/wherry-test-other"]).succeed()
            try Command("chown", ["-R", "\(user)", folder]).succeed()
        }
        let inner = command(as: user, ["run", "box"], in: bundle.path)
        let join = own.map { "echo 0 > \($0)/cgroup.procs; " }.joined() + "exec \"$@\""
        let outcome = try Command("sh", ["-c", join, "sh", inner.program] + inner.arguments)
            .changed { $0.directory = bundle.path }.run()
        #expect(outcome.lines == ["done"], "\(outcome)")
        #expect(try Command("find", own + ["-name", "wherry-test-escaped"]).succeed() == "")
    }

    @Test("a cgroup that the user may not make, and a limit without one, are refused by name")
    func refusals() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["true"]) { $0.linux?.cgroupsPath = "/wherry-test-rootless" }
        let place = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(place.errors.contains("unable to apply cgroup configuration"), "\(place)")
        #expect(place.errors.contains("permission denied"), "\(place)")
        try bundle.change {
            $0.linux?.cgroupsPath = nil
            $0.linux?.resources = Resources(pids: ProcessResources(limit: 5))
        }
        let limit = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(limit.errors.contains("container could not join or create cgroup"), "\(limit)")
    }

    @Test("without a cgroup of its own a container sees the one that it is in (cgroup v1)")
    func cgroups() throws {
        guard try !Machine.hasUnifiedCgroups else { return }
        let user: UInt32 = 65_533
        let bundle = try bundle(
            of: user, running: ["sh", "-c", "cat /sys/fs/cgroup/pids/tasks; mkdir /sys/fs/cgroup/pids/x"])
        let outcome = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(!outcome.lines.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("Read-only file system"), "\(outcome)")
    }

    @Test("a container that waits for start can be joined by who made it")
    func joinsWaiting() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["true"])
        let created = try command(as: user, ["create", "box"], in: bundle.path)
            .changed { $0.output = .file(scratch("log")) }.run()
        let log = try Files.read(scratch("log"))
        #expect(created.status == 0, "\(log)")
        #expect(try command(as: user, ["exec", "box", "echo", "joined"], in: bundle.path).succeed() == "joined\n")
        try command(as: user, ["delete", "--force", "box"], in: bundle.path).succeed()
    }

    @Test("a time namespace belongs to the user namespace, with its offsets")
    func time() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["cat", "/proc/self/timens_offsets"]) {
            $0.linux?.namespaces?.append(Namespace(type: .time))
            $0.linux?.timeOffsets = ["monotonic": TimeOffset(secs: 7881, nanosecs: 17)]
        }
        let outcome = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(outcome.lines.contains { $0.split(separator: " ") == ["monotonic", "7881", "17"] }, "\(outcome)")
    }

    @Test("without a pid namespace nobody can be sure to end a container that has no cgroup: it is warned of")
    func sharedProcesses() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["echo", "ran"]) {
            $0.linux?.namespaces?.removeAll { $0.type == .pid }
            $0.mounts?.removeAll { $0.type == "proc" }
            $0.mounts?.insert(
                Mount(destination: "/proc", type: "none", source: "/proc", options: ["rbind", "nosuid", "nodev"]), at: 0
            )
        }
        let outcome = try command(as: user, ["run", "box"], in: bundle.path).run()
        #expect(outcome.output == "ran\n", "\(outcome)")
        #expect(outcome.errors.contains("strongly discouraged"), "\(outcome)")
    }

    @Test("a program that the user owns runs from a sealed copy, out of his containers' reach (self-exe)")
    func sealedCopy() throws {
        let user: UInt32 = 65_533
        let bundle = try bundle(of: user, running: ["true"])
        let words = "our own program is a sealed copy in memory"
        #expect(try !command(as: user, ["--debug", "run", "box"], in: bundle.path).run().errors.contains(words))
        try Command("chown", ["\(user)", program]).succeed()
        let outcome = try command(as: user, ["--debug", "run", "box"], in: bundle.path).run()
        #expect(outcome.status == 0 && outcome.errors.contains(words), "\(outcome)")
    }

    @Test("an ordinary user's own systemd keeps his containers: run, exec, ps, update, pause, resume, delete")
    func systemd() throws {
        guard try Machine.isRunBySystemd, try Machine.hasUnifiedCgroups else { return }
        let (name, user) = ("wherry-scopes", UInt32(59_236))
        try Command("groupadd", ["--gid", "\(user)", name]).succeed()
        try Command("useradd", ["--no-create-home", "--uid", "\(user)", "--gid", "\(user)", name]).succeed()
        defer { _ = try? Command("userdel", [name]).run() }
        try Command("systemctl", ["start", "user@\(user).service"]).succeed()
        defer { _ = try? Command("systemctl", ["stop", "user@\(user).service"]).run() }
        try Command("cp", [try Programs.ours("wherry-systemd"), scratch("wherry-systemd")]).succeed()
        let bundle = try bundle(of: user, running: ["sleep", "1000"])
        func call(_ arguments: [String]) -> Command {
            command(as: user, ["--systemd-cgroup"] + arguments, in: bundle.path)
                .changed { $0.environment.append("XDG_RUNTIME_DIR=/run/user/\(user)") }
        }

        let started = try call(["run", "--detach", "box"]).changed { $0.output = .file(scratch("log")) }.run()
        let log = try Files.read(scratch("log"))
        #expect(started.status == 0, "\(log)")
        let pid = try #require(State(parsing: Array(call(["state", "box"]).succeed().utf8)).pid)
        let place = "/sys/fs/cgroup" + (try Files.read("/proc/\(pid)/cgroup").dropFirst(3).dropLast())
        #expect(place.hasSuffix("/user@\(user).service/user.slice/wherry-box.scope"))
        #expect(try call(["exec", "box", "echo", "joined"]).succeed() == "joined\n")
        #expect(try call(["ps", "--format", "json", "box"]).succeed() == "[\(pid)]\n")
        try call(["update", "--pids-limit", "20", "box"]).succeed()
        #expect(try Files.read(place + "/pids.max") == "20\n")
        try call(["pause", "box"]).succeed()
        #expect(try call(["state", "box"]).succeed().contains("paused"))
        try call(["resume", "box"]).succeed()
        try call(["delete", "--force", "box"]).succeed()
        #expect(!Files.exists(place))
    }
}
