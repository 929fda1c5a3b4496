/// A row of wherry-shim's command line.
struct ShimOption: Sendable {
    enum Effect: Sendable {
        case flag(@Sendable (inout ShimOptions) -> Void)
        /// The value's name in the help; the function answers what was expected when the value is none.
        case value(String, @Sendable (inout ShimOptions, String) -> String?)
    }

    let name: String
    let help: String
    let effect: Effect

    static let all: [ShimOption] = [
        text("--id", "ID", "the container's name in the runtime") { $0.id = $1 },
        text("--bundle", "DIR", "the bundle that the container is made from") { $0.bundle = $1 },
        text("--runtime", "PATH", "an OCI runtime with runc's command line") { $0.runtime = $1 },
        text("--runtime-root", "DIR", "where the runtime keeps its state") { $0.runtimeRoot = $1 },
        flag("--systemd-cgroup", "let the runtime make its cgroups through systemd") { $0.usesSystemdCgroup = true },
        text("--socket", "PATH", "the socket to answer on") { $0.socket = $1 },
        text("--exit-file", "PATH", "where to record how the container ended") { $0.exitFile = $1 },
        ShimOption(
            name: "--log-driver", help: "json-file (default) or none", effect: .value("NAME", setLogDriver)),
        text("--log-file", "PATH", "the container's log") { $0.logFile = $1 },
        ShimOption(
            name: "--log-max-size", help: "start a new log file at this size", effect: .value("BYTES", setLogMaxSize)),
        ShimOption(
            name: "--log-max-files", help: "how many log files to keep (default 1)",
            effect: .value("N", setLogMaxFiles)),
        flag("--terminal", "the container has a terminal") { $0.hasTerminal = true },
        flag("--stdin", "keep standard input open, attached or not") { $0.opensStandardInput = true },
        flag("--stdin-once", "close standard input when the first client attached to it goes") {
            $0.closesStandardInputOnDetach = true
        },
        text("--pid-file", "PATH", "where to write the shim's own process ID") { $0.pidFile = $1 },
    ]

    /// How the option stands in the help: `--id ID`.
    var usage: String {
        switch effect {
        case .flag: name
        case .value(let value, _): "\(name) \(value)"
        }
    }
}

extension ShimOption {
    private static func text(
        _ name: String, _ value: String, _ help: String, _ set: @escaping @Sendable (inout ShimOptions, String) -> Void
    ) -> ShimOption {
        ShimOption(
            name: name, help: help,
            effect: .value(value) { options, text in
                set(&options, text)
                return nil
            })
    }

    private static func flag(_ name: String, _ help: String, _ set: @escaping @Sendable (inout ShimOptions) -> Void)
        -> ShimOption
    {
        ShimOption(name: name, help: help, effect: .flag(set))
    }

    private static func setLogDriver(_ options: inout ShimOptions, _ text: String) -> String? {
        guard let driver = ShimOptions.LogDriver(rawValue: text) else {
            return ShimOptions.LogDriver.allCases.map(\.rawValue).joined(separator: " or ")
        }
        options.logDriver = driver
        return nil
    }

    private static func setLogMaxSize(_ options: inout ShimOptions, _ text: String) -> String? {
        guard let size = Int64(text), size > 0 else { return "a number of bytes" }
        options.logMaxSize = size
        return nil
    }

    private static func setLogMaxFiles(_ options: inout ShimOptions, _ text: String) -> String? {
        guard let count = Int(text), (1...1000).contains(count) else { return "a number from 1 to 1000" }
        options.logMaxFiles = count
        return nil
    }
}

/// What `--help` prints.
let shimHelp: String = {
    let rows =
        ShimOption.all.map { ($0.usage, $0.help) } + [("--help", "show this"), ("--version", "show the version")]
    let width = rows.map { $0.0.count }.max() ?? 0
    let lines = rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    return """
        Usage: wherry-shim --id ID --bundle DIR --runtime PATH --socket PATH --exit-file PATH [OPTIONS]

        Runs one container through an OCI runtime, owns its streams, log and exit status,
        and answers on its socket. wherryd starts it; see wherry-shim(8).

        \(lines.joined(separator: "\n"))

        """
}()
