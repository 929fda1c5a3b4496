internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Pull: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Fetch an image from its registry.")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The platform to fetch it for. (default: this machine's)", valueName: "os/architecture[/variant]"))
    var platform: String?

    @OptionGroup var progress: ProgressOptions

    @Argument(help: ArgumentHelp("What to fetch.", valueName: "name[:tag|@digest]"))
    var image: String

    func execute(_ client: Client) throws -> Int32 {
        let style = try progress.style(client.output)
        let pull = ImagePullRequest(image: image, platform: platform, style: style)
        let answer = try pull.run(client, output: client.output)
        switch style {
        case .json: break
        case .quiet: try client.print(answer.fullReference)
        case .plain, .terminal:
            try client.print("Digest: \(answer.digest)")
            try client.print(
                answer.isNew
                    ? "Status: Downloaded newer image for \(answer.reference)"
                    : "Status: Image is up to date for \(answer.reference)")
            try client.print(answer.fullReference)
        }
        return ExitCodes.success
    }
}

/// How progress is shown.
struct ProgressOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How to show progress: auto, tty, plain, or json, an object a line. (default: auto)", valueName: "how"))
    var progress: String?

    func style(_ output: Descriptor) throws -> ProgressStyle {
        if quiet { return .quiet }
        switch progress ?? "auto" {
        case "auto": return output.isTerminal ? .terminal : .plain
        case "tty": return .terminal
        case "plain": return .plain
        case "json": return .json
        case let other: throw refusal("--progress \(other): it must be auto, tty, plain or json")
        }
    }
}
