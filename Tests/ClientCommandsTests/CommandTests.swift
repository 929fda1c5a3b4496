import LineProtocol
import LinuxKernel
import Testing

@testable import ClientCommands

@Suite("commands ask, and print the answer")
struct CommandTests {
    @Test("what fails for one name does not keep the others from being done")
    func several() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, Nothing())
        try supervisor.fail(3, .noSuchContainer, "no such container: b")
        try supervisor.answer(4, Nothing())
        let outcome = try CommandOutcome.of(["stop", "-t=-1", "a", "b", "c"], supervisor)
        #expect(
            outcome.exitCode == 1 && outcome.output == "a\nc\n" && outcome.errors == "wherry: no such container: b\n")
        let first: ContainerStop.Parameters = try supervisor.requests()[0].parameters()
        #expect(first.timeout == -1)
    }

    @Test("rm -f takes a container that is not there for removed")
    func forcedRemoval() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .noSuchContainer, "no such container: x")
        #expect(try CommandOutcome.of(["rm", "-f", "x"], supervisor).exitCode == 0)
    }

    @Test("wait prints exit codes in the order of the names")
    func wait() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, ExitRecord(exitCode: 137, finished: .now))
        try supervisor.answer(3, ExitRecord(exitCode: 0, finished: .now))
        #expect(try CommandOutcome.of(["wait", "a", "b"], supervisor).output == "137\n0\n")
    }

    @Test("logs keep the two streams apart, and put times before lines with -t")
    func logs() throws {
        let supervisor = try ScriptedSupervisor()
        let time = Timestamp(nanoseconds: 1_700_000_000_123_456_789)
        try supervisor.item(ContainerLogs.self, 2, LogRecord(log: "out\n", stream: .standardOutput, time: time))
        try supervisor.item(ContainerLogs.self, 2, LogRecord(log: "err\n", stream: .standardError, time: time))
        try supervisor.answer(2, Nothing())
        let outcome = try CommandOutcome.of(["logs", "-t", "--tail", "5", "--since=1700000000", "c"], supervisor)
        #expect(outcome.output == "2023-11-14T22:13:20.123456789Z out\n")
        #expect(outcome.errors == "2023-11-14T22:13:20.123456789Z err\n")
        let parameters: ContainerLogs.Parameters = try supervisor.requests()[0].parameters()
        #expect(parameters.tail == 5 && parameters.since == Timestamp(nanoseconds: 1_700_000_000_000_000_000))
    }

    @Test("inspect names what is neither a container nor an image, and prints a list all the same")
    func inspectNothing() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .noSuchContainer, "no such container: x")
        try supervisor.fail(3, .noSuchImage, "no such image: x")
        let outcome = try CommandOutcome.of(["inspect", "x"], supervisor)
        #expect(outcome.exitCode == 1 && outcome.output == "[]\n" && outcome.errors == "wherry: no such object: x\n")
    }

    private var image: ImageInspection {
        ImageInspection(
            id: "sha256:ab", references: ["a:1"], digests: [], created: "2026-01-01T00:00:00Z", author: "",
            architecture: "amd64", variant: nil, system: "linux", size: 10,
            configuration: .init(
                user: "", environment: ["PATH=/bin"], entrypoint: nil, command: ["sh"], workingDirectory: "",
                labels: ["k": "v"], stopSignal: nil, exposedPorts: nil, volumes: nil), layers: ["sha256:cd"])
    }

    @Test("inspect prints members as they are declared, and fills in templates")
    func inspectImage() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, image)
        try supervisor.answer(3, image)
        let outcome = try CommandOutcome.of(["image", "inspect", "a", "b"], supervisor)
        #expect(outcome.output.hasPrefix("[\n    {\n        \"Id\": \"sha256:ab\",\n        \"RepoTags\": [\n"))
        #expect(outcome.output.contains("\"Entrypoint\": null") && !outcome.output.contains("StopSignal"))
        let other = try ScriptedSupervisor()
        try other.answer(2, image)
        let template = #"{{.Id}} {{index .Config.Labels "k"}} {{.Config.Cmd}} {{json .RootFS.Layers}}"#
        #expect(
            try CommandOutcome.of(["inspect", "--type=image", "-f", template, "a"], other).output
                == "sha256:ab v [sh] [\"sha256:cd\"]\n")
    }

    @Test("load hands the archive over, and tells what was in it")
    func load() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(
            2,
            ImageLoad.Result(loaded: [
                .init(id: "sha256:1", references: ["a:1", "b:2"]), .init(id: "sha256:2", references: []),
            ]))
        let outcome = try CommandOutcome.of(["load"], input: "an archive", supervisor)
        #expect(outcome.output == "Loaded image: a:1\nLoaded image: b:2\nLoaded image ID: sha256:2\n")
        let request = try supervisor.requests()[0]
        #expect(request.method == "image.load" && request.line.descriptors.count == 1)
        #expect(try request.line.descriptors.map { try $0.readAll() } == [Array("an archive".utf8)])
        request.line.closeDescriptors()
    }

    @Test("a directory in place of a root filesystem archive is refused with the way to make one")
    func directory() throws {
        let outcome = try CommandOutcome.of(["import", "/usr/bin"], ScriptedSupervisor())
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors == "wherry: /usr/bin is a directory: give an archive of it (tar -C /usr/bin -c .)\n")
    }

    @Test("import names a file that is not there, and refuses a download by name")
    func importing() throws {
        #expect(
            try CommandOutcome.of(["import", "/nope"]).errors
                == "wherry: cannot open /nope: no such file or directory\n")
        #expect(try CommandOutcome.of(["import", "https://x/y"]).errors.contains("downloads are not supported yet"))
    }

    @Test("rmi tells what lost its name and what is gone")
    func rmi() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, ImageRemove.Result(untagged: ["a:1"], deleted: ["sha256:1"]))
        #expect(try CommandOutcome.of(["rmi", "a"], supervisor).output == "Untagged: a:1\nDeleted: sha256:1\n")
    }

    @Test("events are lines of time, kind, action, ID and attributes")
    func events() throws {
        let event = Event(
            kind: .container, action: "die", id: "abc", attributes: ["name": "web", "exitCode": "1", "image": "bb"],
            time: Timestamp(nanoseconds: 1_700_000_000_000_000_001))
        #expect(
            EventRow.line(event)
                == "2023-11-14T22:13:20.000000001Z container die abc (exitCode=1, image=bb, name=web)")
        let supervisor = try ScriptedSupervisor()
        try supervisor.item(Events.self, 2, event)
        try supervisor.answer(2, Nothing())
        let format = "{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.timeNano}}"
        #expect(
            try CommandOutcome.of(["events", "--until=0s", "--format", format], supervisor).output
                == "container die web 1700000000000000001\n")
    }

    @Test("version prints the client's half when the supervisor is not there")
    func version() throws {
        let outcome = try CommandOutcome.of(["version"])
        #expect(outcome.exitCode == 1 && outcome.errors == "wherry: nobody is there\n")
        #expect(outcome.output.hasPrefix("Client:\n Version:           0.1.0\n"))
    }

    @Test("an exec that attaches gets the process's streams and code, its size and variables")
    func exec() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(
            2, ContainerExec.Result(exec: "e1", streams: AttachedStreams(streams: [.standardOutput])),
            passing: [Memory.file("hello\n")])
        try supervisor.answer(3, ExitRecord(exitCode: 5, finished: .now))
        let outcome = try CommandOutcome.of(["exec", "-w/x", "-eA=b", "web", "ls", "-l", "-w"], supervisor)
        #expect(outcome.exitCode == 5 && outcome.output == "hello\n")
        let requests = try supervisor.requests()
        let asked: ContainerExec.Parameters = try requests[0].parameters()
        #expect(asked.process.command == ["ls", "-l", "-w"] && asked.process.environment == ["A=b"])
        #expect(asked.attach == AttachRequest(standardInput: false) && requests[1].method == "container.exec-wait")
    }

    @Test("a group without a command prints its help")
    func groups() throws {
        let outcome = try CommandOutcome.of(["container"])
        #expect(outcome.exitCode == 0 && outcome.output.contains("USAGE: wherry container <subcommand>"))
    }

    @Test("completion scripts come for three shells", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        #expect(try CommandOutcome.of(["completion", shell]).output.contains("wherry"))
    }
}
