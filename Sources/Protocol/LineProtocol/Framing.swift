public import LinuxKernel

/// One line of the protocol, without its newline, and the descriptors that came with it.
public struct Line: Sendable {
    /// The most bytes of a line, newline included.
    public static let longest = 1 << 20

    public var bytes: [UInt8]
    /// Owned by whoever holds the line: take them, or ``closeDescriptors()``.
    public var descriptors: [Descriptor]

    public init(_ bytes: [UInt8], passing descriptors: [Descriptor] = []) {
        self.bytes = bytes
        self.descriptors = descriptors
    }

    public func closeDescriptors() {
        for descriptor in descriptors { descriptor.close() }
    }
}

/// Cuts a stream of bytes into lines. Pure: it reads nothing itself.
///
/// Descriptors arrive beside bytes, never in them: they belong to the last line that had begun when they came, since
/// a sender puts them on the first byte of a line and the kernel never glues bytes behind such a message.
public struct LineFramer: Sendable {
    public enum Failure: Error, Hashable, Sendable {
        /// More than ``Line/longest`` bytes without a newline.
        case lineTooLong
        /// More descriptors waiting than one line may carry.
        case tooManyDescriptors
    }

    private var begun: [UInt8] = []
    private var descriptors: [Descriptor] = []

    public init() {}

    /// Whether the stream would end in the middle of a line.
    public var isInsideLine: Bool { !begun.isEmpty }

    /// Takes what one recvmsg(2) gave; returns the lines that are now whole. Empty lines are dropped.
    public mutating func append(_ bytes: [UInt8], descriptors arrived: [Descriptor] = []) throws(Failure) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            begun += rest[..<newline]
            rest = rest[(newline + 1)...]
            if begun.count >= Line.longest { throw .lineTooLong }
            if !begun.isEmpty { lines.append(Line(begun, passing: descriptors)) }
            begun.removeAll()
            descriptors.removeAll()
        }
        begun += rest
        if begun.count >= Line.longest { throw .lineTooLong }
        if begun.isEmpty, !lines.isEmpty {
            lines[lines.count - 1].descriptors += arrived
        } else {
            descriptors += arrived
        }
        if descriptors.count > Descriptor.mostPassed { throw .tooManyDescriptors }
        return lines
    }

    /// Closes the descriptors of a line that never became whole.
    public mutating func discard() {
        for descriptor in descriptors { descriptor.close() }
        descriptors.removeAll()
        begun.removeAll()
    }
}
