internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Import: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make an image from the archive of a root filesystem.")

    @OptionGroup var image: ImageChanges

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
            reference: reference, changes: image.change, message: image.message, platform: platform)
        try client.print(try client.call(ImageImport.self, parameters, passing: [archive]).id)
        return ExitCodes.success
    }
}
