import LineProtocol
import Testing

@testable import Shim

@Suite("What the shim says to a runtime, and what it understands of it")
struct RuntimeTests {
    private let program: RuntimeProgram = {
        var options = ShimOptions()
        options.id = "c"
        options.runtime = "/usr/sbin/runc"
        options.runtimeRoot = "/root"
        options.usesSystemdCgroup = true
        return RuntimeProgram(options)
    }()

    @Test("the commands are runc's")
    func commands() {
        func line(_ command: RuntimeCommand) -> String {
            program.arguments(command, log: "/l").joined(separator: " ")
        }
        let global = "/usr/sbin/runc --root /root --log /l --log-format json --systemd-cgroup "
        #expect(
            line(.create(bundle: "/b", pidFile: "/p", consoleSocket: "/s"))
                == global + "create --bundle /b --pid-file /p --console-socket /s c")
        #expect(line(.start) == global + "start c")
        #expect(
            line(.exec(process: "/j", pidFile: "/p", consoleSocket: nil))
                == global + "exec --process /j --detach --pid-file /p c")
        #expect(
            line(.exec(process: "/j", pidFile: "/p", consoleSocket: "/s"))
                == global + "exec --process /j --detach --pid-file /p --console-socket /s --tty c")
        #expect(line(.killAll(signal: 9)) == global + "kill --all c 9")
        #expect(line(.pause) == global + "pause c")
        #expect(line(.resume) == global + "resume c")
        #expect(line(.delete) == global + "delete --force c")
    }

    @Test("the last error in a runtime's log is its reason, with the kind that wherry-runtime adds")
    func readsKind() {
        let log = """
            {"level":"warning","msg":"a warning","time":"2026-11-24T03:04:05Z"}
            {"level":"error","msg":"first","time":"2026-11-24T03:04:05Z"}
            {"level":"error","msg":"cannot do it","kind":"no-space","time":"2026-11-24T03:04:05Z"}
            {"level":"info","msg":"bye","time":"2026-11-24T03:04:05Z"}
            no JSON
            """
        let report = RuntimeReport(log: Array(log.utf8))
        #expect(report?.message == "cannot do it")
        #expect(report?.kind == .noSpace)
    }

    @Test("a log without errors gives no reason")
    func noReason() {
        #expect(RuntimeReport(log: []) == nil)
        #expect(RuntimeReport(log: Array(#"{"level":"info","msg":"hello"}"#.utf8)) == nil)
    }

    @Test(
        "other runtimes' messages are understood",
        arguments: [
            (
                #"runc create failed: unable to start container process: exec: "x": executable file not found in $PATH"#,
                ProtocolFailure.Kind.executableNotFound
            ),
            (
                #"unable to start container process: exec: "/x": stat /x: no such file or directory: unknown"#,
                .executableNotFound
            ),
            ("executable file `x` not found in $PATH: No such file or directory", .executableNotFound),
            ("open executable: Permission denied", .permissionDenied),
            ("open executable: Operation not permitted", .permissionDenied),
            (#"unable to start container process: exec: "/etc": permission denied"#, .permissionDenied),
            ("mkdir /x: no space left on device", .noSpace),
            (#"error mounting "/x" to rootfs: no such file or directory"#, .runtimeFailed),
        ])
    func classifies(message: String, kind: ProtocolFailure.Kind) {
        #expect(RuntimeMessages.kind(of: message) == kind)
    }
}
