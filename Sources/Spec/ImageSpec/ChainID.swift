/// The name of a stack of layers (image-spec 1.1, config.md, "Layer ChainID"): what is unpacked under it depends on
/// every layer below, so two images share exactly the stacks that are the same.
public struct ChainID: Hashable, Sendable, CustomStringConvertible {
    public let digest: Digest
    public init(digest: Digest) { self.digest = digest }
    public var description: String { digest.description }

    /// What to hash with SHA-256 for the chain of `parent` and then `diffID`.
    public static func text(parent: ChainID, diffID: Digest) -> String { "\(parent.digest) \(diffID)" }
}
