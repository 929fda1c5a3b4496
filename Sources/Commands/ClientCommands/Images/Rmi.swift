internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Rmi: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "rmi", abstract: "Remove images, or names of images.")

    @Flag(name: .shortAndLong, help: "Remove even what stopped containers use, or what has several names.")
    var force = false

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "image"))
    var images: [String]

    func execute(_ client: Client) throws -> Int32 {
        try client.forEach(images) { name in
            do {
                let answer = try client.call(ImageRemove.self, ImageRemove.Parameters(image: name, force: force))
                for reference in answer.untagged { try client.print("Untagged: \(reference)") }
                for id in answer.deleted { try client.print("Deleted: \(id)") }
            } catch let failure as ProtocolFailure where force && failure.kind == .noSuchImage {
                client.complain(failure)
            }
        }
    }
}
