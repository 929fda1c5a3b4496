internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Create: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a container from an image, without starting it.")

    @OptionGroup var options: ContainerOptions

    @Argument(help: "Name or ID of the image.")
    var image: String

    @Argument(parsing: .captureForPassthrough, help: "Command to run in it instead of the image's, and its arguments.")
    var command: [String] = []

    func execute(_ client: Client) throws -> Int32 {
        try refuseUnknownFlag(image)
        let created = try CreatedContainer(
            options.specification(image, command, client.environment, isAttached: true), options,
            client)
        try client.print(created.id)
        return ExitCodes.success
    }
}
