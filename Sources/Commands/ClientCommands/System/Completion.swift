internal import ArgumentParser
internal import CommandKit

struct Completion: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script for a shell.")

    @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
    var shell: String

    func execute(_ client: Client) throws -> Int32 {
        guard let known = CompletionShell(rawValue: shell) else {
            throw CommandFailure("cannot complete for '\(shell)': the shells are bash, zsh and fish")
        }
        try client.print(Wherry.completionScript(for: known))
        return ExitCodes.success
    }
}
