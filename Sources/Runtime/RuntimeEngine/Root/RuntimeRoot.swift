/// The directory that holds the states of this runtime's containers, `<root>/<id>/container`.
///
/// Every operation is a method of it, one file an operation. None holds anything in memory between two calls: what
/// lasts is on disk, and any process may go on where another stopped.
public struct RuntimeRoot: Sendable {
    public let path: String
    public let log: RuntimeLog

    /// Nothing is read or made before an operation needs it.
    public init(path: String, log: RuntimeLog = RuntimeLog()) {
        self.path = path
        self.log = log
    }
}
