internal import RuntimeEngine
internal import RuntimeSpec

/// What `--help` prints, in the order and with the headings of runc's.
enum Help {
    static func text(program: String, commands: [Command], flags: [Flag]) -> String {
        """
        NAME:
           \(program) - Open Container Initiative runtime

        \(program) runs a container from a bundle: a directory with a configuration,
        config.json, and a root filesystem. It makes the container and then gets out
        of the way; its command line is runc's.

        USAGE:
           \(program) [global options] command [command options] [arguments...]

        VERSION:
           \(RuntimeProgram.version)

        COMMANDS:
        \(table(commands.map { ($0.name, $0.summary) } + [("help", "shows this text, or that of a command")]))

        GLOBAL OPTIONS:
        \(table((flags + [help, version]).map { (title(of: $0), $0.help) }))

        """
    }

    static func text(program: String, command: Command) -> String {
        let arguments = command.arguments.isEmpty ? "" : " " + command.arguments
        return """
            NAME:
               \(program) \(command.name) - \(command.summary)

            USAGE:
               \(program) \(command.name) [options]\(arguments)

            OPTIONS:
            \(table((command.flags + [help]).map { (title(of: $0), $0.help) }))

            """
    }

    static func version(program: String) -> String {
        """
        \(program) version \(RuntimeProgram.version)
        commit: v\(RuntimeProgram.version)
        spec: \(specificationVersion)
        libseccomp: \(Features.ofThisRuntime.annotations?["io.github.seccomp.libseccomp.version"] ?? "unknown")

        """
    }

    static let help = Flag("help", "h", "shows this text")
    static let version = Flag("version", "v", "prints the version")

    private static func title(of flag: Flag) -> String {
        let letter = flag.letter.map { ", -\($0)" } ?? ""
        return "--\(flag.name)\(letter)" + (flag.value.map { " \($0)" } ?? "")
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { title, text in
            "   " + title + String(repeating: " ", count: width - title.count + 3) + text
        }.joined(separator: "\n")
    }
}
