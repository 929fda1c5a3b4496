internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Import: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make an image from the archive of a root filesystem.")

    @Option(
        name: [.customShort("c", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Line of a Dockerfile that sets the image's configuration.", valueName: "instruction"))
    var change: [String] = []

    @Option(
        name: [.customShort("m", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Message for the image's history.", valueName: "text"))
    var message: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Platform of the image. (default: this machine's)", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Argument(help: ArgumentHelp("Archive, or - for standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("Name of the image.", valueName: "repository[:tag]"))
    var reference: String?

    func execute(_ client: Client) throws -> Int32 {
        if file.hasPrefix("http://") || file.hasPrefix("https://") {
            throw CommandFailure(
                "cannot import \(file): downloads are not supported yet; use: curl \(file) | wherry import -")
        }
        let archive = try client.openArchive(file == "-" ? nil : file, command: "import")
        let parameters = ImageImport.Parameters(
            reference: reference, changes: change, message: message, platform: platform)
        try client.print(try client.call(ImageImport.self, parameters, passing: [archive]).id)
        return ExitCodes.success
    }
}
