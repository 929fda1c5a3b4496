internal import ArgumentParser
internal import LineProtocol

struct Save: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Write images to an archive: an OCI layout that docker load reads, too.")

    @OptionGroup var archive: ArchiveOutput

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "image"))
    var images: [String]

    func execute(_ client: Client) throws -> Int32 {
        let parameters = ImageSave.Parameters(images: images)
        return try archive.write("save", client) {
            _ = try client.call(ImageSave.self, parameters, passing: [$0])
        }
    }
}
