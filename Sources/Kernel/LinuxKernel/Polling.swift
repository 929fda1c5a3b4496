internal import CLinux
internal import Glibc

/// What became of a descriptor, and what one may ask for: the bits of epoll_ctl(2).
public struct PollEvents: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = PollEvents(rawValue: 0x001)
    public static let writable = PollEvents(rawValue: 0x004)
    public static let error = PollEvents(rawValue: 0x008)
    public static let hangUp = PollEvents(rawValue: 0x010)
    public static let peerClosed = PollEvents(rawValue: 0x2000)
    /// Disarm after one event (`EPOLLONESHOT`).
    public static let oneShot = PollEvents(rawValue: 1 << 30)
}

/// A set of descriptors to wait for: epoll(7). Each is known by the token it was added with.
public struct EventQueue: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    public init() throws(SystemError) {
        descriptor = OwnedDescriptor(owning: try checked(cl_epoll_create(), "epoll_create"))
    }

    public func add(_ file: Descriptor, for events: PollEvents, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, file, events, token)
    }
    public func modify(_ file: Descriptor, for events: PollEvents, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, file, events, token)
    }
    public func remove(_ file: Descriptor) throws(SystemError) { try control(EPOLL_CTL_DEL, file, [], 0) }

    private func control(_ operation: CInt, _ file: Descriptor, _ events: PollEvents, _ token: UInt64)
        throws(SystemError)
    {
        try checked(
            cl_epoll_control(descriptor.number, operation, file.number, events.rawValue, token), "epoll_ctl")
    }

    /// Waits at most `milliseconds` (-1: for ever); empty when the time is over or a signal came.
    public func wait(milliseconds: CInt = -1) throws(SystemError) -> [(token: UInt64, events: PollEvents)] {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        let answer = cl_epoll_wait(descriptor.number, &events, CInt(events.count), milliseconds)
        if answer == -EINTR { return [] }
        let count = Int(try checked(answer, "epoll_wait"))
        return events.prefix(count).map { ($0.data.u64, PollEvents(rawValue: $0.events)) }
    }
}

extension Descriptor {
    /// poll(2) on this one: what came, empty when `milliseconds` (-1: for ever) are over.
    public func wait(for events: PollEvents, milliseconds: CInt = -1) throws(SystemError) -> PollEvents {
        let answer = cl_poll(number, Int16(truncatingIfNeeded: events.rawValue), milliseconds)
        if answer == -EINTR { return [] }
        return PollEvents(rawValue: UInt32(try checked(answer, "poll")))
    }
}

/// A timer on the monotonic clock that makes its descriptor readable once (timerfd_create(2)).
public struct TimerDescriptor: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor
    public init() throws(SystemError) {
        descriptor = OwnedDescriptor(owning: try checked(cl_timerfd_create(), "timerfd_create"))
    }
    /// Fires `nanoseconds` from now; 0 disarms.
    public func set(nanoseconds: UInt64) throws(SystemError) {
        try checked(cl_timerfd_set(descriptor.number, nanoseconds), "timerfd_settime")
    }
}

/// A counter that wakes whoever polls it (eventfd(2)).
public func makeEventDescriptor() throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(owning: try checked(cl_eventfd(0), "eventfd"))
}
