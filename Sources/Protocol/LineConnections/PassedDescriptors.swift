public import LinuxKernel

/// Descriptors that came with a line, or go with one: closed when nobody took them.
public final class PassedDescriptors: Sendable {
    private let held: Monitor<[Descriptor]>

    /// Takes over `descriptors`.
    public init(owning descriptors: [Descriptor] = []) { held = Monitor(descriptors) }

    deinit { for descriptor in take() { descriptor.close() } }

    public var count: Int { held.withLock { $0.count } }

    /// Hands all of them over: the caller closes them.
    public func take() -> [Descriptor] {
        held.withLock { held in
            defer { held.removeAll() }
            return held
        }
    }

    /// Hands over the only one; nil when there is none, or more than one.
    public func takeOnly() -> OwnedDescriptor? {
        let only = held.withLock { $0.count == 1 ? $0.removeFirst() : nil }
        return only.map { OwnedDescriptor(owning: $0.number) }
    }
}
