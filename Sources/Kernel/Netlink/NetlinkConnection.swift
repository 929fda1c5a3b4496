public import LinuxKernel

/// What carries datagrams to the kernel and back: a socket, or a script in tests.
public protocol NetlinkTransport {
    func send(_ datagram: [UInt8]) throws(SystemError)
    /// Waits for the next one.
    func receive() throws(SystemError) -> [UInt8]
}

/// A socket of rtnetlink(7) in the network namespace that this process is in when it is made.
public final class RouteSocket: NetlinkTransport {
    private let socket: OwnedDescriptor

    public init() throws(SystemError) { socket = try OwnedDescriptor.routeSocket() }

    public func send(_ datagram: [UInt8]) throws(SystemError) { _ = try socket.descriptor.send(datagram) }

    public func receive() throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        // The kernel's own dumps have at most 32 KiB.
        _ = try socket.descriptor.receive(upTo: 64 * 1024, into: &bytes, descriptors: &descriptors)
        return bytes
    }
}

/// Requests and their answers, one after the other.
public final class NetlinkConnection {
    private let transport: any NetlinkTransport
    private var sequence: UInt32 = 0

    public init(_ transport: any NetlinkTransport) { self.transport = transport }

    private enum MessageType {
        static let error: UInt16 = 2
        static let done: UInt16 = 3
    }

    /// Sends a request, and returns all of its answer: until the kernel's acknowledgement, or the end of a dump.
    public func perform(_ request: NetlinkMessage) throws(NetlinkError) -> [NetlinkMessage] {
        sequence += 1
        var request = request
        request.sequence = sequence
        request.flags.formUnion([.request, .acknowledge])
        try exchanging { () throws(SystemError) in try transport.send(request.bytes) }
        var answer: [NetlinkMessage] = []
        while true {
            let datagram = try exchanging { () throws(SystemError) in try transport.receive() }
            for message in try NetlinkMessage.parse(datagram) where message.sequence == sequence {
                switch message.type {
                case MessageType.error:
                    // The request's header comes first; its own attributes are left out (NETLINK_CAP_ACK).
                    try Self.check(message, detailsAfter: NetlinkMessage.headerSize)
                    return answer
                case MessageType.done:
                    try Self.check(message, detailsAfter: 0)
                    return answer
                default: answer.append(message)
                }
            }
        }
    }

    private func exchanging<Result>(_ body: () throws(SystemError) -> Result) throws(NetlinkError) -> Result {
        do { return try body() } catch { throw .socket(error) }
    }

    /// An acknowledgement is an error of number 0.
    private static func check(_ message: NetlinkMessage, detailsAfter count: Int) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        guard let number = reader.next(Int32.self) else { throw .malformed }
        guard number != 0 else { return }
        var detail = ""
        if message.flags.contains(.hasDetails) {
            reader.skip(count)
            detail = try reader.attributes()[1]?.netlinkText ?? ""
        }
        throw .refused(Errno(rawValue: -number), detail: detail)
    }
}
