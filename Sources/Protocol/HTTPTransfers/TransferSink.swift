internal import Synchronization

/// Takes an answer as it comes. It is called on the transfers' own thread, which it must not hold up; a false ends
/// the transfer.
public protocol TransferSink: AnyObject, Sendable {
    /// The head, before the first byte.
    func begin(_ head: TransferHead) -> Bool
    func take(_ bytes: Span<UInt8>) -> Bool
}

/// Keeps an answer in memory, if it is not larger than it may be.
public final class DocumentSink: TransferSink {
    private let limit: Int
    private let received = Mutex<[UInt8]>([])

    public init(limit: Int) { self.limit = limit }

    public var bytes: [UInt8] { received.withLock { $0 } }

    public func begin(_ head: TransferHead) -> Bool { (head["content-length"].flatMap { Int($0) } ?? 0) <= limit }

    public func take(_ bytes: Span<UInt8>) -> Bool {
        received.withLock { received in
            guard received.count + bytes.count <= limit else { return false }
            unsafe bytes.withUnsafeBufferPointer { unsafe received.append(contentsOf: $0) }
            return true
        }
    }
}
