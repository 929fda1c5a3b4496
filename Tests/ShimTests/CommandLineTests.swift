import LinuxKernel
import Testing

@testable import Shim

@Suite("The shim's command line")
struct CommandLineTests {
    private let least = [
        "--id", "c", "--bundle", "/b", "--runtime", "/r", "--socket", "/s/x.sock", "--exit-file", "/e",
    ]

    @Test("every option is read, with its value behind it or after an equals sign")
    func readsAll() throws {
        let more = [
            "--runtime-root=/root", "--systemd-cgroup", "--log-driver", "json-file", "--log-file=/l", "--log-max-size",
            "1000", "--log-max-files=3", "--terminal", "--stdin", "--stdin-once", "--pid-file", "/p",
        ]
        guard case .run(let options) = try ShimInvocation(least + more) else {
            Issue.record("no container to run")
            return
        }
        var wanted = ShimOptions()
        wanted.id = "c"
        wanted.bundle = "/b"
        wanted.runtime = "/r"
        wanted.socket = "/s/x.sock"
        wanted.exitFile = "/e"
        wanted.runtimeRoot = "/root"
        wanted.usesSystemdCgroup = true
        wanted.logFile = "/l"
        wanted.logMaxSize = 1000
        wanted.logMaxFiles = 3
        wanted.hasTerminal = true
        wanted.opensStandardInput = true
        wanted.closesStandardInputOnDetach = true
        wanted.pidFile = "/p"
        #expect(options == wanted)
    }

    @Test("what makes no sense is named")
    func refuses() {
        let none = ["--log-driver", "none"]
        #expect(throws: UsageError.missingOption("--log-file")) { try ShimInvocation(least) }
        #expect(throws: UsageError.missingOption("--id")) { try ShimInvocation([]) }
        #expect(throws: UsageError.unknownOption("--colour")) { try ShimInvocation(least + ["--colour=red"]) }
        #expect(throws: UsageError.unexpectedArgument("x")) { try ShimInvocation(least + ["x"]) }
        #expect(throws: UsageError.missingValue(option: "--id")) { try ShimInvocation(["--id"]) }
        #expect(throws: UsageError.unexpectedValue(option: "--stdin")) { try ShimInvocation(["--stdin=1"]) }
        #expect(throws: UsageError.self) { try ShimInvocation(least + none + ["--log-max-size", "1k"]) }
        #expect(throws: UsageError.self) { try ShimInvocation(least + ["--log-driver", "syslog"]) }
    }

    @Test("the help names every option")
    func help() throws {
        for option in ShimOption.all { #expect(shimHelp.contains("  \(option.usage) ")) }
        #expect(try ShimInvocation(["--help"]) == .showHelp)
        #expect(try ShimInvocation(["--version"]) == .showVersion)
    }

    @Test("the shim's own files lie beside its socket")
    func paths() {
        let paths = ShimPaths(socket: "/run/c/shim.sock")
        #expect(paths.directory == "/run/c")
        #expect(paths.diagnostics == "/run/c/shim.log")
        #expect(paths.runtimeLog(2) == "/run/c/shim.runtime-2.log")
        #expect(ShimPaths(socket: "/x").directory == "/")
    }
}
