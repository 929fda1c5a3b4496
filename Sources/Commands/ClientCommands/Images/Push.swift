internal import ArgumentParser
internal import CommandKit
internal import ImageSpec
internal import LineProtocol

struct Push: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "push", abstract: "Send an image to its registry.")

    @Flag(name: [.customShort("a"), .customLong("all-tags")], help: "Send all that the repository has tags for.")
    var allTags = false

    @OptionGroup var progress: ProgressOptions

    @Argument(help: ArgumentHelp("What to send.", valueName: "name[:tag]"))
    var image: String

    func execute(_ client: Client) throws -> Int32 {
        let style = try progress.style(client.output)
        let login = try client.login(for: image)
        let names = allTags ? try tags(client) : [image]
        if style == .plain || style == .terminal {
            try client.print("The push refers to repository [\(repository)]")
        }
        for name in names {
            var view = ProgressView(style, on: client.output)
            let parameters = ImagePush.Parameters(reference: name, login: login)
            let answer = try client.supervisor().stream(ImagePush.self, parameters) { try view.show($0) }
            switch style {
            case .json: break
            case .quiet: try client.print(answer.fullReference)
            case .plain, .terminal:
                try client.print("\(answer.tag): digest: \(answer.digest) size: \(answer.size)")
            }
        }
        return ExitCodes.success
    }

    private var repository: String { (try? ImageReference(parsing: image).repository) ?? image }

    /// All names with tags that images of the repository have here.
    private func tags(_ client: Client) throws -> [String] {
        let wanted: ImageReference
        do { wanted = try ImageReference(parsing: image) } catch { throw refusal(error.reason) }
        guard wanted.tag == nil, wanted.digest == nil else {
            throw refusal("\(image): --all-tags sends a repository: give its name without a tag")
        }
        let images = try client.call(ImageList.self, ImageList.Parameters()).images
        let names = images.flatMap(\.references).filter {
            (try? ImageReference(parsing: $0).repository) == wanted.repository
        }
        guard !names.isEmpty else {
            throw CommandFailure("no image is called \(image): give one that name with `wherry tag`")
        }
        return names.sorted()
    }
}
