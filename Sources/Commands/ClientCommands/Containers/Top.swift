internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Top: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Print the processes of a running container.")

    @Argument(help: "Name or ID.")
    var container: String

    @Argument(parsing: .captureForPassthrough, help: "Options of ps(1). (default: -ef)")
    var options: [String] = []

    func execute(_ client: Client) throws -> Int32 {
        try refuseUnknownFlag(container)
        let wanted = options.isEmpty ? ContainerTop.Parameters.standard : options
        let answer = try client.call(
            ContainerTop.self, ContainerTop.Parameters(container: container, options: wanted))
        try client.print(TextTable([answer.titles] + answer.processes, narrowest: 20).text, terminator: "")
        return ExitCodes.success
    }
}
