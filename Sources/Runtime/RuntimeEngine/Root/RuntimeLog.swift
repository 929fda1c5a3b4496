public import LinuxKernel

/// Whom the runtime tells of what it does.
public struct RuntimeLog: Sendable {
    /// Called with a line for what went wrong without making an operation fail.
    public let warn: @Sendable (String) -> Void
    /// Called with a line for what is being done; nil unless somebody wants to read that.
    public let tell: (@Sendable (String) -> Void)?
    /// The file that the lines go to, unless that is standard error. A process that becomes a container's program holds
    /// it until it is ready.
    public let file: Descriptor?

    public init(
        warn: @escaping @Sendable (String) -> Void = { _ in }, tell: (@Sendable (String) -> Void)? = nil,
        file: Descriptor? = nil
    ) {
        self.warn = warn
        self.tell = tell
        self.file = file
    }

    /// Builds no line that nobody reads.
    func debug(_ line: @autoclosure () -> String) { tell?(line()) }
}
