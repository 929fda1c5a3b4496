import LineProtocol
import LinuxKernel
import Testing

@testable import ClientCommands

private let id = String(repeating: "ab", count: 32)
private let created = ContainerCreate.Result(id: id, name: "web", warnings: [])
private func exited(_ code: Int32) -> ExitRecord { ExitRecord(exitCode: code, finished: .now) }

/// Requests of an attached run, behind hello: create, wait, start.
@Suite("run passes on streams and exit codes")
struct RunTests {
    @Test("what the process wrote comes out on both streams, and its exit code is the client's")
    func attached() throws {
        let supervisor = try ScriptedSupervisor()
        let long = String(repeating: "0123456789abcdef\n", count: 20_000)
        try supervisor.answer(2, created)
        try supervisor.answer(
            4, AttachedStreams(streams: [.standardOutput, .standardError]),
            passing: [Memory.file(long), Memory.file("oops\n")])
        try supervisor.answer(3, exited(42))
        let outcome = try CommandOutcome.of(["run", "busybox", "true"], supervisor)
        #expect(outcome.exitCode == 42 && outcome.output == long && outcome.errors == "oops\n")
        #expect(try supervisor.requests().map(\.method) == ["container.create", "container.wait", "container.start"])
    }

    @Test("standard input reaches the process, and ends")
    func input() throws {
        let supervisor = try ScriptedSupervisor()
        let pipe = try Pipe().split()
        try supervisor.answer(2, created)
        try supervisor.answer(
            4, AttachedStreams(streams: [.standardInput, .standardOutput]), passing: [pipe.writer, Memory.file("out")])
        // Only the next supervisor tells of the exit: by then the input has been pumped.
        try supervisor.hangUp()
        let outcome = try CommandOutcome.of(["run", "-i", "busybox", "cat"], input: "typed", supervisor, ended(0))
        #expect(try pipe.reader.readAll() == Array("typed".utf8))
        #expect(outcome.exitCode == 0)
        pipe.reader.close()
    }

    /// What answers when the first supervisor hung up: hello, then the wait.
    private func ended(_ code: Int32) throws -> ScriptedSupervisor {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, exited(code))
        return supervisor
    }

    @Test("a supervisor that dies is asked again when it is back, while the streams go on")
    func reconnect() throws {
        let first = try ScriptedSupervisor()
        try first.answer(2, created)
        try first.answer(4, AttachedStreams(streams: [.standardOutput]), passing: [Memory.file("all of it")])
        try first.hangUp()
        let second = try ended(7)
        let outcome = try CommandOutcome.of(["run", "busybox"], first, second)
        #expect(outcome.exitCode == 7 && outcome.output == "all of it" && outcome.errors.isEmpty)
        let waiting: ContainerWait.Parameters = try second.requests()[0].parameters()
        #expect(waiting.container == id && waiting.condition == .notRunning)
    }

    @Test("answers are understood in any order")
    func order() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(3, exited(3))
        try supervisor.answer(2, created)
        try supervisor.answer(4, AttachedStreams(streams: [.standardOutput]), passing: [Memory.file("x")])
        #expect(try CommandOutcome.of(["run", "busybox"], supervisor).exitCode == 3)
    }

    @Test("--rm waits until the container is gone")
    func remove() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, created)
        try supervisor.answer(4, AttachedStreams(streams: [.standardOutput]), passing: [Memory.file()])
        try supervisor.answer(3, exited(0))
        #expect(try CommandOutcome.of(["run", "--rm", "busybox"], supervisor).exitCode == 0)
        let waiting: ContainerWait.Parameters = try supervisor.requests()[1].parameters()
        #expect(waiting.condition == .removed)
    }

    @Test(
        "what could not be run gives docker's exit codes",
        arguments: [
            (ProtocolFailure.Kind.executableNotFound, Int32(127)), (.permissionDenied, 126), (.runtimeFailed, 125),
        ])
    func notRun(kind: ProtocolFailure.Kind, code: Int32) throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, created)
        try supervisor.fail(4, kind, "exec: no luck")
        try supervisor.answer(5, Nothing())
        let outcome = try CommandOutcome.of(["run", "--rm", "busybox", "frob"], supervisor)
        #expect(outcome.exitCode == code && outcome.errors == "wherry: exec: no luck\n")
        #expect(try supervisor.requests().last?.method == "container.remove")
    }

    @Test("an image that is not there is 125 and one line")
    func noImage() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .noSuchImage, "no such image: nope; load it first")
        let outcome = try CommandOutcome.of(["run", "--pull", "never", "nope"], supervisor)
        #expect(outcome.exitCode == 125 && outcome.errors == "wherry: no such image: nope; load it first\n")
    }

    @Test("an image that no registry has either is 125 and one line")
    func noImageAnywhere() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .noSuchImage, "no such image: nope")
        try supervisor.fail(3, .noSuchImage, "docker.io/library/nope:latest: not found in the registry")
        let outcome = try CommandOutcome.of(["run", "nope"], supervisor)
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "wherry: docker.io/library/nope:latest: not found in the registry\n")
        #expect(try supervisor.requests().map(\.method) == ["container.create", "image.pull"])
    }

    @Test("--platform is asked of the image that is here, and of the registry when that is for another")
    func platform() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .noSuchImage, "image a is for linux/amd64, not for linux/arm64/v8")
        try supervisor.fail(3, .registryFailed, "no image for linux/arm64/v8")
        let outcome = try CommandOutcome.of(["run", "--platform", "linux/arm64", "a"], supervisor)
        #expect(outcome.exitCode == 125 && outcome.errors == "wherry: no image for linux/arm64/v8\n")
        let requests = try supervisor.requests()
        let create: ContainerSpecification = try requests[0].parameters()
        let pull: ImagePull.Parameters = try requests[1].parameters()
        #expect(create.platform == "linux/arm64" && pull.platform == "linux/arm64")
    }

    @Test("-d prints the ID and warnings, and attaches nothing")
    func detached() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, ContainerCreate.Result(id: id, name: "web", warnings: ["slow"]))
        try supervisor.answer(3, AttachedStreams())
        let outcome = try CommandOutcome.of(["run", "-d", "busybox"], supervisor)
        #expect(outcome.exitCode == 0 && outcome.output == id + "\n" && outcome.errors == "WARNING: slow\n")
        let start: ContainerStart.Parameters = try supervisor.requests()[1].parameters()
        #expect(start.attach == nil)
    }

    @Test("flags become the specification; what follows the image is the command's")
    func specification() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, created)
        try supervisor.answer(3, AttachedStreams())
        let arguments = [
            "run", "-dit", "--rm", "--name", "web", "-eA=1", "-e", "B", "--env=C", "-ew=x", "-w", "/w", "-u0:0",
            "-v/h:/c:ro", "-lx=y", "--entrypoint", "", "-hbox", "--network=host", "--stop-signal", "INT",
            "--stop-timeout", "3", "busybox", "-e", "--rm", "--help", "-it=x",
        ]
        _ = try CommandOutcome.of(arguments, environment: ["B=two"], supervisor)
        let made: ContainerSpecification = try supervisor.requests()[0].parameters()
        var expected = ContainerSpecification(image: "busybox")
        expected.name = "web"
        expected.command = ["-e", "--rm", "--help", "-it=x"]
        expected.entrypoint = []
        expected.environment = ["A=1", "B=two", "C", "w=x"]
        expected.workingDirectory = "/w"
        expected.user = "0:0"
        expected.hostname = "box"
        expected.terminal = true
        expected.openStandardInput = true
        expected.removeOnExit = true
        expected.network = .host
        expected.mounts = [.init(kind: .bind, source: "/h", target: "/c", readOnly: true)]
        expected.labels = ["x": "y"]
        expected.stopSignal = "INT"
        expected.stopTimeout = 3
        #expect(made == expected)
    }

    @Test(
        "what cannot be meant is refused before anybody is asked",
        arguments: [
            (["run"], "missing expected argument '<image>'"), (["run", "--frob", "x"], "unknown option '--frob'"),
            (["run", "-it", "x"], "the input device is not a terminal"),
            (["run", "-d", "-a", "stdin", "x"], "contradict"),
            (["run", "--network", "mine", "x"], "no such network: mine"),
            (["run", "-v", "a:b:c:d", "x"], "invalid volume"),
            (["run", "-w", "rel", "x"], "absolute path"), (["run", "--stop-signal", "FROB", "x"], "invalid signal"),
            (["run", "--env-file", "/nope", "x"], "/nope: no such file"),
            (["run", "-a", "x", "x"], "stdin, stdout and stderr"),
            (["run", "--detach-keys", "ctrl-1", "x"], "invalid detach keys"),
            (["run", "-l", "=x", "x"], "invalid label"),
            (["exec", "x"], "missing expected argument '<command> ...'"), (["frob"], "'frob' is not a command"),
        ])
    func refused(arguments: [String], message: String) throws {
        let outcome = try CommandOutcome.of(arguments)
        #expect(outcome.exitCode != 0 && outcome.errors.hasPrefix("wherry: ") && outcome.errors.contains(message))
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }
}
