internal import LineProtocol
internal import LinuxKernel

/// A pull and what is shown of it: of `pull`, and of a command that misses an image.
struct ImagePullRequest {
    var image: String
    var platform: String?
    var style: ProgressStyle
    /// A line on standard error before the first that is shown.
    var announcement: String?

    /// Shows progress on `output` until the image is there.
    func run(_ client: Client, output: Descriptor) throws -> ImagePull.Result {
        let login = try client.login(for: image)
        let parameters = ImagePull.Parameters(reference: image, platform: platform, login: login)
        var view = ProgressView(style, on: output)
        var announcement = announcement
        return try client.supervisor().stream(ImagePull.self, parameters) { progress in
            if let line = announcement.take() { client.warn(line) }
            try view.show(progress)
        }
    }
}
