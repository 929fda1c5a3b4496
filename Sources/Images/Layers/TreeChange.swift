/// What a tree has of its own, beside another one that it was made from.
public struct TreeChange: Hashable, Sendable {
    /// docker's letters for it.
    public enum Kind: String, Hashable, Sendable { case added = "A", modified = "C", deleted = "D" }

    public let kind: Kind
    /// Below the tree's root, without a slash before or behind; names are bytes.
    public let path: [UInt8]

    public init(_ kind: Kind, _ path: [UInt8]) { (self.kind, self.path) = (kind, path) }
}
