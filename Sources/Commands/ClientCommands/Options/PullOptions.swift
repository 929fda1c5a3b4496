internal import ArgumentParser
internal import LineProtocol
internal import LinuxKernel

/// When `run` and `create` fetch their image.
struct PullOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("When to fetch the image: always, missing or never. (default: missing)", valueName: "when"))
    var pull: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The platform that the image must be for.", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Flag(name: .shortAndLong, help: "Show no progress of a pull.")
    var quiet = false

    /// Makes something of an image by `body`, and fetches the image before, or when that misses it.
    func with<Made>(_ image: String, _ client: Client, _ body: () throws -> Made) throws -> Made {
        let policy = try policy()
        if policy == .always {
            try fetch(image, client)
            return try body()
        }
        do { return try body() } catch let failure as ProtocolFailure
            where failure.kind == .noSuchImage && policy == .missing && !image.hasPrefix("sha256:")
        {
            try fetch(image, client, announcing: "Unable to find image '\(image)' locally")
            return try body()
        }
    }

    private enum Policy: String { case always, missing, never }

    private func policy() throws -> Policy {
        guard let policy = Policy(rawValue: pull ?? "missing") else {
            throw refusal("--pull \(pull ?? ""): it must be always, missing or never")
        }
        return policy
    }

    /// Standard output is the container's: everything is told on standard error. `announcement` is told when something
    /// comes: what fails before is one line.
    private func fetch(_ image: String, _ client: Client, announcing announcement: String? = nil) throws {
        let style: ProgressStyle = quiet ? .quiet : client.errors.isTerminal ? .terminal : .plain
        let pull = ImagePullRequest(
            image: image, platform: platform, style: style, announcement: announcement)
        let answer = try pull.run(client, output: client.errors)
        if !quiet { client.warn("Digest: \(answer.digest)") }
    }
}
