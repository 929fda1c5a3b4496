internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Save: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Write images to an archive: an OCI layout that docker load reads, too.")

    @Option(
        name: [.customShort("o", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "image"))
    var images: [String]

    func execute(_ client: Client) throws -> Int32 {
        let parameters = ImageSave.Parameters(images: images)
        guard let output else {
            guard !client.output.isTerminal else {
                throw CommandFailure(
                    "save writes an archive to standard output, which is a terminal: redirect it, or use -o")
            }
            let archive = try client.output.duplicate().release()
            _ = try client.call(ImageSave.self, parameters, passing: [archive])
            return ExitCodes.success
        }
        try NewFile.write(at: output) { _ = try client.call(ImageSave.self, parameters, passing: [$0]) }
        return ExitCodes.success
    }
}
