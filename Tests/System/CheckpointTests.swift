import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// runc-checkpoint(8), runc-restore(8): with a program that answers as CRIU does.
@Suite("A container is saved and restored through CRIU", .leavesNothingBehind)
struct CheckpointTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func container(
        _ script: String = "sleep 1000", _ configure: (inout RuntimeConfiguration) -> Void = { _ in }
    )
        throws -> Container
    {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
        return try Container(bundle, in: scratch, by: .wherry)
    }

    private func running(_ script: String = "sleep 1000", _ configure: (inout RuntimeConfiguration) -> Void = { _ in })
        throws -> Container
    {
        let container = try container(script, configure)
        let created = try container.create()
        guard created.status == 0 else { throw HarnessError("create: \(created)") }
        try container.start()
        return container
    }

    private func status(_ container: Container) throws -> ContainerStatus? {
        let outcome = try container.state()
        guard outcome.status == 0 else { return nil }
        return try State(parsing: Array(outcome.output.utf8)).status
    }

    private func checkpoint(_ container: Container, _ options: [String] = [], by criu: ScriptedCriu? = nil) -> Command {
        let all = ["--image-path", scratch("images"), "--work-path", scratch("work")] + options + [container.id]
        return container.command("checkpoint", all).changed { if let criu { $0.environment = criu.environment } }
    }

    private func restore(_ container: Container, _ options: [String] = [], by criu: ScriptedCriu? = nil) -> Command {
        let all =
            ["--image-path", scratch("images"), "--work-path", scratch("work"), "--bundle", container.bundle.path]
            + options + [container.id]
        return container.command("restore", all).changed { command in
            if let criu { command.environment = criu.environment }
            command.output = .file(scratch("restore.output"))
        }
    }

    // MARK: checkpoint

    @Test("checkpoint tells CRIU of the process, the root, binds, masks and the log, and then the container is gone")
    func dump() throws {
        let criu = try ScriptedCriu(in: scratch, dump: ScriptedCriu.success(1))
        let container = try running { configuration in
            configuration.mounts?.append(
                Mount(destination: "/link/conf", type: "bind", source: scratch.path, options: ["bind"]))
            configuration.linux?.maskedPaths = ["/proc/timer_list", "/proc/nowhere"]
        }
        let outcome = try checkpoint(container, by: criu).run()
        #expect(outcome.status == 0, "\(outcome)")
        let request = try criu.request(1)
        for word in [
            "dump.log", "/etc/criu/runc.conf", container.bundle.rootfs, "/link/conf", "/proc/timer_list", "/dev/null",
        ] { #expect(request.contains(word), "\(word)") }
        #expect(!request.contains("/proc/nowhere"), "what is not there is not masked")
        #expect(try [String](parsing: Array(try Files.read(scratch("images/descriptors.json")).utf8)).count == 3)
        #expect(try status(container) == nil)
    }

    @Test("with --leave-running the container stays")
    func leaveRunning() throws {
        let criu = try ScriptedCriu(in: scratch, dump: ScriptedCriu.success(1))
        let container = try running()
        #expect(try checkpoint(container, ["--leave-running"], by: criu).run().status == 0)
        #expect(try status(container) == .running)
    }

    @Test("the annotation org.criu.config names a configuration file, or none")
    func configurationFile() throws {
        let criu = try ScriptedCriu(in: scratch, dump: ScriptedCriu.success(1))
        let container = try running { $0.annotations = ["org.criu.config": "/etc/own.conf"] }
        #expect(try checkpoint(container, by: criu).run().status == 0)
        let request = try criu.request(1)
        #expect(request.contains("/etc/own.conf"))
        #expect(!request.contains("/etc/criu/runc.conf"))
    }

    @Test("when CRIU fails its log is named and its errors are shown, and the container runs on")
    func failure() throws {
        let criu = try ScriptedCriu(
            in: scratch,
            dump: "echo '(00.1) Error (x.c:1): cannot' >\(scratch("work/dump.log")); printf '\\010\\001\\020\\000' >&3")
        let container = try running()
        let outcome = try checkpoint(container, by: criu).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("criu failed: type DUMP errno 0: see \(scratch("work/dump.log"))"))
        #expect(outcome.errors.contains("1:(00.1) Error (x.c:1): cannot"))
        #expect(try status(container) == .running)
    }

    @Test("a CRIU that ends without an answer, or with one that is none, is an error")
    func silence() throws {
        let container = try running()
        let ending = try ScriptedCriu(in: scratch, dump: "exit 0")
        #expect(try checkpoint(container, by: ending).run().errors.contains("criu ended without an answer"))
        let confused = try ScriptedCriu(in: scratch, dump: "printf '\\377\\377' >&3")
        #expect(try checkpoint(container, by: confused).run().errors.contains("cannot understand criu"))
        #expect(try status(container) == .running)
    }

    @Test("a CRIU that is not there, or too old, is told in one line")
    func missing() throws {
        let container = try running()
        let command = checkpoint(container).changed { $0.environment = ["PATH=\(scratch("empty"))"] }
        let outcome = try command.run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("criu is not in PATH: install CRIU 3.0 or newer"))
        let old = try ScriptedCriu(in: scratch, version: "\\010\\002\\020\\014")
        #expect(try checkpoint(container, by: old).run().errors.contains("CRIU 2.12 is too old"))
    }

    @Test("--pre-dump needs a kernel that tracks memory, and leaves the container running")
    func preDump() throws {
        let container = try running()
        let unable = try ScriptedCriu(in: scratch, features: "\\010\\000")
        let outcome = try checkpoint(container, ["--pre-dump"], by: unable).run()
        #expect(outcome.errors.contains("criu is missing features: MemTrack"))
        let able = try ScriptedCriu(in: scratch, features: "\\010\\001", preDump: ScriptedCriu.success(4))
        #expect(try checkpoint(container, ["--pre-dump"], by: able).run().status == 0)
        #expect(try status(container) == .running)
    }

    @Test("--parent-path is relative to the images, and is there")
    func parent() throws {
        let container = try running()
        let criu = try ScriptedCriu(in: scratch, dump: ScriptedCriu.success(1))
        for path in [scratch.path, "../nowhere"] {
            let outcome = try checkpoint(container, ["--parent-path", path], by: criu).run()
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("--parent-path"))
        }
        try scratch.directory("older")
        #expect(try checkpoint(container, ["--parent-path", "../older"], by: criu).run().status == 0)
        #expect(try criu.request(1).contains("../older"))
    }

    @Test("--status-fd receives a zero byte once pages are served")
    func statusDescriptor() throws {
        let criu = try ScriptedCriu(
            in: scratch, features: "\\020\\001",
            dump: ScriptedCriu.notification("status-ready") + ScriptedCriu.success(1))
        let container = try running()
        let pipe = try Pipe().split()
        let command = checkpoint(container, ["--lazy-pages", "--status-fd", "3"], by: criu)
            .changed { $0.passed = [pipe.writer] }
        #expect(try command.run().status == 0)
        pipe.writer.close()
        #expect(try pipe.reader.readAll() == [0])
        pipe.reader.close()
    }

    @Test(
        "arguments that cannot be meant are refused",
        arguments: [
            ["--page-server", "nowhere"], ["--page-server", "::1:27"], ["--page-server", "host:x"],
            ["--empty-ns", "pid"], ["--manage-cgroups-mode", "some"], ["--status-fd", "5"],
        ])
    func arguments(_ options: [String]) throws {
        let container = try container()
        let outcome = try checkpoint(container, options).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(options[0].dropFirst(2)))
    }

    @Test("a container that is not running cannot be saved")
    func created() throws {
        let container = try container()
        #expect(try container.create().status == 0)
        #expect(try checkpoint(container).run().errors.contains("it is created"))
    }

    // MARK: restore

    /// Forks a process that stays, and tells of it as of the restored one.
    private func restoring(_ program: String, then last: String = "") -> String {
        "\(program) </dev/null >/dev/null 2>&1 3>&- & pid=$!\n"
            + ScriptedCriu.notification("setup-namespaces", hasProcess: true)
            + ScriptedCriu.notification("post-restore", hasProcess: true) + last + "\n" + ScriptedCriu.success(2)
    }

    @Test("restore makes the mount points, runs the hooks of the runtime, and the container runs as CRIU made it")
    func restored() throws {
        let criu = try ScriptedCriu(in: scratch, restore: restoring("sleep 1000"))
        let log = scratch("hooks")
        let script = "grep -o '\"status\":\"[a-z]*\"' >>\(log)"
        let container = try container { configuration in
            let hook = Hook(path: "/bin/sh", args: ["sh", "-c", script], env: ["PATH=/bin:/usr/bin"])
            configuration.hooks = Hooks(prestart: [hook], createRuntime: [hook])
            configuration.mounts?.append(
                Mount(destination: "/made/here", type: "bind", source: scratch.path, options: ["bind"]))
        }
        try scratch.directory("images")
        try scratch.file("images/descriptors.json", "[\"/dev/null\",\"pipe:[17]\",\"/dev/null\"]")
        let pidFile = scratch("restored.pid")
        let outcome = try restore(container, ["--detach", "--pid-file", pidFile], by: criu).run()
        let words = try Files.read(scratch("restore.output"))
        #expect(outcome.status == 0, "\(words)")
        #expect(try status(container) == .running)
        #expect(try Files.read(log) == "\"status\":\"creating\"\n\"status\":\"creating\"\n")
        #expect(Files.exists(container.bundle.rootfs + "/made/here"))
        let request = try criu.request(2)
        for word in ["restore.log", "/made/here", scratch.path, "pipe:[17]", container.root + "/" + container.id] {
            #expect(request.contains(word), "\(word)")
        }
        #expect(!Files.exists(container.root + "/" + container.id + "/criu-root"))
        let state = try State(parsing: Array(try container.state().output.utf8))
        #expect("\(state.pid ?? 0)" == (try Files.read(pidFile)))
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("restore in the foreground hands back the exit status, and the container is gone")
    func foreground() throws {
        let fifo = scratch("fifo")
        try Command("mkfifo", [fifo]).succeed()
        // The process ends when the other end of the pipe closes, with the script: before, the script's shell would reap it.
        let criu = try ScriptedCriu(
            in: scratch, restore: restoring("sh -c 'read line <\(fifo); exit 7'", then: "exec 9>\(fifo)"))
        let container = try container()
        try scratch.directory("images")
        try scratch.file("images/descriptors.json", "[]")
        let outcome = try restore(container, by: criu).run()
        let words = try Files.read(scratch("restore.output"))
        #expect(outcome.status == 7, "\(words)")
        #expect(try status(container) == nil)
    }

    @Test("when CRIU cannot restore, its log is named and nothing is left")
    func failedRestore() throws {
        let criu = try ScriptedCriu(in: scratch, restore: "printf '\\010\\002\\020\\000\\070\\026' >&3")
        let container = try container()
        try scratch.directory("images")
        let missing = try restore(container, ["--detach"], by: criu).run()
        #expect(missing.status == 1)
        #expect(try Files.read(scratch("restore.output")).contains("descriptors.json"))
        try scratch.file("images/descriptors.json", "[]")
        #expect(try restore(container, ["--detach"], by: criu).run().status == 1)
        let words = "criu failed: type RESTORE errno 22: see \(scratch("work/restore.log"))"
        #expect(try Files.read(scratch("restore.output")).contains(words))
        #expect(try status(container) == nil)
    }

    @Test("a hook that fails while CRIU restores ends it")
    func failingHook() throws {
        let criu = try ScriptedCriu(in: scratch, restore: restoring("sleep 0"))
        let container = try container { $0.hooks = Hooks(createRuntime: [Hook(path: "/bin/false")]) }
        try scratch.directory("images")
        try scratch.file("images/descriptors.json", "[]")
        #expect(try restore(container, ["--detach"], by: criu).run().status == 1)
        #expect(try Files.read(scratch("restore.output")).contains("createRuntime"))
        #expect(try status(container) == nil)
    }

    // MARK: Streams

    @Test("standard streams that are /dev/null are the container's own, which CRIU knows")
    func nullStreams() throws {
        let script = "test \"$(stat -L -c %d /proc/self/fd/0)\" = \"$(stat -c %d /dev/null)\""
        let container = try container(script)
        #expect(try container.run().status == 0)
    }
}
