/// The directory that holds the states of this runtime's containers, `<root>/<id>/state.json`.
///
/// Every operation is a method of it, one file an operation. None holds anything in memory between two calls: what
/// lasts is on disk, and any process may go on where another stopped.
public struct RuntimeRoot: Sendable {
    public let path: String
    /// Called with a line for what went wrong without making an operation fail.
    public let warn: @Sendable (String) -> Void

    /// Nothing is read or made before an operation needs it.
    public init(path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
        self.path = path
        self.warn = warn
    }
}
