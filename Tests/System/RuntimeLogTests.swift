import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// runc(8), "--debug", "--log", "--log-format".
@Suite("Messages go where and look as runc's do", .leavesNothingBehind)
struct RuntimeLogTests {
    let scratch: Scratch
    let container: Container
    init() throws {
        scratch = try Scratch()
        let bundle = try Bundle(in: scratch, running: ["echo", "Hello"])
        container = try Container(bundle, in: scratch, by: .wherry)
    }

    private func run(_ flags: [String]) throws -> Outcome {
        let words = ["--root", container.root] + flags + ["run", "--bundle", container.bundle.path, container.id]
        return try Command(try Programs.wherryRuntime, words).run()
    }

    @Test("--debug tells on standard error what runc's readers look for; without it nothing is told")
    func standardError() throws {
        let outcome = try run(["--debug"])
        #expect(outcome.output == "Hello\n")
        for words in [
            "level=debug", "nsexec container setup", "child process in init()",
            "init: closing the pipe to signal completion", "runc exeseal: using /proc/self/exe clone",
        ] { #expect(outcome.errors.contains(words)) }
        #expect(try run([]).errors == "")
    }

    @Test("--log takes all of it, in text or one JSON object a line, and leaves nothing for standard error")
    func file() throws {
        for (format, words) in [("text", "level=debug"), ("json", "\"level\":\"debug\"")] {
            let log = scratch(format)
            let outcome = try run(["--debug", "--log", log, "--log-format", format])
            #expect(outcome.errors == "")
            let lines = try Files.read(log).split(separator: "\n")
            #expect(lines.count > 10)
            #expect(lines.allSatisfy { $0.contains(words) })
        }
    }

    @Test("a capability that cannot be ambient is warned of, and the others are raised")
    func ambient() throws {
        try container.bundle.change {
            $0.process?.args = ["grep", "CapAmb", "/proc/self/status"]
            $0.process?.capabilities?.inheritable = ["CAP_KILL"]
            $0.process?.capabilities?.ambient = ["CAP_KILL", "CAP_CHOWN"]
        }
        let outcome = try run([])
        #expect(outcome.errors.contains("can't raise ambient capability CAP_CHOWN: "))
        #expect(outcome.output == "CapAmb:\t0000000000000020\n")
    }

    @Test("--debug tells on which processors a process of exec begins, as its description says")
    func affinity() throws {
        try container.bundle.change { $0.process?.args = ["sleep", "1000"] }
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 0)
        for (processors, mask) in [("0", "0x1"), ("0-1", "0x3")] {
            let document = try scratch.file(
                "process.json",
                """
                {"cwd": "/", "args": ["/bin/true"], "user": {"uid": 0, "gid": 0}, "execCPUAffinity": {"initial": "\(processors)"}}
                """)
            let outcome = try Command(
                try Programs.wherryRuntime,
                ["--debug", "--root", container.root, "exec", "--process", document, container.id]
            ).run()
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("nsexec container setup: affinity: \(mask)\""), "\(outcome.errors)")
        }
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("--debug tells the flags that a seccomp filter is loaded with")
    func filterFlags() throws {
        for (flags, number) in [(nil, 4), ([], 0), (["SECCOMP_FILTER_FLAG_LOG"], 2)] as [([String]?, Int)] {
            try container.bundle.change {
                $0.process?.noNewPrivileges = false
                $0.linux?.seccomp = Seccomp(defaultAction: .allow, flags: flags)
            }
            let outcome = try run(["--debug"])
            #expect(outcome.output == "Hello\n")
            #expect(outcome.errors.contains("msg=\"seccomp filter flags: \(number)\""), "\(outcome.errors)")
        }
    }

    @Test("exec into a cgroup that is not there, or not the container's, names what is wrong")
    func execCgroups() throws {
        try container.bundle.change { $0.process?.args = ["sleep", "1000"] }
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 0)
        for (place, words) in [("..", "bad sub cgroup path"), ("nowhere", "error adding pid 0 to cgroups: ")] {
            let outcome = try container.command("exec", ["--cgroup", place, container.id, "true"]).run()
            #expect(outcome.status == 255)
            #expect(outcome.errors.contains(words))
        }
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }
}
