internal import CLinux
internal import Glibc

/// One descriptor to wait for, and what came of it. Unlike epoll(7), poll(2) takes ordinary files too, which are
/// always ready: a program's standard streams may be anything.
public struct PollRequest: Sendable, Hashable {
    public var descriptor: Descriptor
    public var wanted: PollEvents
    public fileprivate(set) var happened: PollEvents = []

    public init(_ descriptor: Descriptor, for wanted: PollEvents) {
        self.descriptor = descriptor
        self.wanted = wanted
    }
}

extension [PollRequest] {
    /// poll(2): waits at most `milliseconds` (-1: for ever) and fills in what happened. A signal ends the wait.
    public mutating func wait(milliseconds: CInt = -1) throws(SystemError) {
        var items = map { pollfd(fd: $0.descriptor.number, events: Int16($0.wanted.rawValue), revents: 0) }
        let answer = cl_poll_all(&items, UInt32(items.count), milliseconds)
        if answer != -EINTR { try checked(answer, "poll") }
        for index in indices {
            self[index].happened = PollEvents(rawValue: UInt32(UInt16(bitPattern: items[index].revents)))
        }
    }
}
