import LineProtocol
import LinuxKernel
import Testing

@testable import ClientCommands

private func seconds(ago seconds: UInt64) -> Timestamp {
    Timestamp(nanoseconds: Timestamp.now.nanoseconds - seconds * 1_000_000_000 - 500_000_000)
}

private func containers() -> ContainerList.Result {
    ContainerList.Result(containers: [
        ContainerSummary(
            id: String(repeating: "ab", count: 32), name: "web", image: "busybox:latest", imageID: "sha256:00",
            command: ["/bin/sh", "-c", "sleep 100000"], created: seconds(ago: 120), status: .running, exitCode: nil,
            started: seconds(ago: 5), finished: nil, labels: ["tier": "front", "a": "1"], network: .host,
            mounts: ["data", "/srv/a/long/path"], volumes: 1),
        ContainerSummary(
            id: String(repeating: "cd", count: 32), name: "job", image: "debian", imageID: "sha256:00",
            command: ["true"], created: seconds(ago: 7200), status: .exited, exitCode: 3, started: seconds(ago: 90),
            finished: seconds(ago: 60), labels: [:]),
        ContainerSummary(
            id: String(repeating: "ef", count: 32), name: "new", image: "debian", imageID: "sha256:00",
            command: [], created: seconds(ago: 0), status: .created, exitCode: nil, started: nil, finished: nil,
            labels: [:]),
    ])
}

@Suite("ps and images print what docker prints")
struct ListTests {
    private func ps(_ arguments: String...) throws -> CommandOutcome {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, containers())
        return try CommandOutcome.of(["ps"] + arguments, supervisor)
    }

    @Test("ps prints docker's columns")
    func table() throws {
        #expect(
            try ps("-a").output == """
                CONTAINER ID   IMAGE            COMMAND                  CREATED                  STATUS                          PORTS     NAMES
                abababababab   busybox:latest   "/bin/sh -c 'sleep 1…"   2 minutes ago            Up 5 seconds                              web
                cdcdcdcdcdcd   debian           "true"                   2 hours ago              Exited (3) About a minute ago             job
                efefefefefef   debian           ""                       Less than a second ago   Created                                   new

                """)
    }

    @Test("ps -q prints IDs, --no-trunc whole ones")
    func quiet() throws {
        #expect(try ps("-q").output == "abababababab\ncdcdcdcdcdcd\nefefefefefef\n")
        #expect(try ps("-q", "--no-trunc").output.hasPrefix(String(repeating: "ab", count: 32) + "\n"))
    }

    @Test(
        "--format takes a template, a table of one, and json",
        arguments: [
            ("{{.Names}}={{.State}}", "web=running\njob=exited\nnew=created\n"),
            (#"table {{.Names}}\t{{.Label "tier"}}"#, "NAMES     tier\nweb       front\njob       \nnew       \n"),
            (#"{{.Names}}\t{{.Labels}}"#, "web\ta=1,tier=front\njob\t\nnew\t\n"),
            ("table {{upper .Names}}", "NAMES\nWEB\nJOB\nNEW\n"),
        ])
    func format(format: String, text: String) throws { #expect(try ps("--format", format).output == text) }

    @Test("--format json prints an object a line, its members sorted")
    func json() throws {
        let lines = try ps("--format", "json", "--no-trunc").output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix(#"{"Command":"\"/bin/sh -c 'sleep 100000'\"","CreatedAt":""#))
        #expect(lines[0].hasSuffix(#""State":"running","Status":"Up 5 seconds"}"#))
    }

    @Test("a template that cannot be read exits with 64, one that does not fit with 1")
    func badTemplate() throws {
        #expect(try ps("--format", "{{nope}}").exitCode == 64)
        let outcome = try ps("--format", "{{.Nope}}")
        #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
        #expect(outcome.errors == "wherry: template parsing error: there is no field Nope\n")
    }

    @Test("filters, -a, -n and -l go to the supervisor")
    func parameters() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, containers())
        _ = try CommandOutcome.of(
            ["ps", "-af", "status=exited", "-f=status=running", "-flabel=a=b", "-n5"], supervisor)
        let parameters: ContainerList.Parameters = try supervisor.requests()[0].parameters()
        #expect(parameters.all && parameters.last == 5)
        #expect(parameters.filters == ["status": ["exited", "running"], "label": ["a=b"]])
    }

    private func images(_ arguments: String...) throws -> String {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(
            2,
            ImageList.Result(images: [
                ImageSummary(
                    id: "sha256:" + String(repeating: "01", count: 32),
                    references: ["busybox:latest", "localhost:5000/bb:1"], digests: ["busybox@sha256:feed"],
                    created: seconds(ago: 86400 * 3), size: 1_234_567, labels: [:]),
                ImageSummary(
                    id: "sha256:" + String(repeating: "23", count: 32), references: [], digests: [], created: nil,
                    size: 0, labels: [:]),
            ]))
        return try CommandOutcome.of(["images"] + arguments, supervisor).output
    }

    @Test("ps knows the fields of docker's templates that are in no column")
    func fields() throws {
        let format = ["--format", "{{.Names}} {{.Networks}} {{.Mounts}} {{.LocalVolumes}}"]
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, containers())
        let lines = try CommandOutcome.of(["ps"] + format, supervisor).output.split(separator: "\n")
        #expect(lines.first == "web host data,/srv/a/long/pa… 1")
        #expect(lines.last == "new none  0")
    }

    @Test("images prints a line for every name")
    func imageTable() throws {
        #expect(
            try images() == """
                REPOSITORY          TAG       IMAGE ID       CREATED      SIZE
                busybox             latest    010101010101   3 days ago   1.23MB
                localhost:5000/bb   1         010101010101   3 days ago   1.23MB
                <none>              <none>    232323232323   N/A          0B

                """)
        #expect(try images("--digests").hasPrefix("REPOSITORY          TAG       DIGEST        IMAGE ID"))
        #expect(try images("-q").split(separator: "\n").count == 3)
    }
}
