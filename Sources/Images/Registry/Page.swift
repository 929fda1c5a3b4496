/// A part of an ordered list of names: spec.md, "Listing Tags".
public struct Page: Hashable, Sendable {
    public let names: [String]
    /// More follow, after the last of `names`.
    public let hasMore: Bool

    /// What one answer holds at most, whatever was asked for (catalog-flood).
    public static let limit = 1000

    /// At most `count` names after `last`. Compares bytes, as the specification's "ASCIIbetical" does.
    init(of all: some Sequence<String>, count: Int?, after last: String?) {
        let count = min(count ?? Self.limit, Self.limit)
        let rest = all.filter { name in last.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? true }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        names = Array(rest.prefix(count))
        hasMore = count > 0 && rest.count > count
    }
}
