import LinuxKernel
import Netlink

/// Answers requests from a script, and keeps them.
final class ScriptedTransport: NetlinkTransport {
    /// By request: the messages of its answer, a datagram each.
    private var answers: [[[NetlinkMessage]]]
    private var waiting: [[UInt8]] = []
    private(set) var requests: [NetlinkMessage] = []

    init(_ answers: [[NetlinkMessage]]...) { self.answers = answers }

    func send(_ datagram: [UInt8]) throws(SystemError) {
        guard let request = try? NetlinkMessage.parse(datagram).first, !answers.isEmpty else {
            throw SystemError(.invalid, "send")
        }
        requests.append(request)
        waiting += answers.removeFirst().map { messages in
            messages.flatMap { message in
                var message = message
                if message.sequence == 0 { message.sequence = request.sequence }
                return message.bytes
            }
        }
    }

    func receive() throws(SystemError) -> [UInt8] {
        if waiting.isEmpty { throw SystemError(.again, "receive") }
        return waiting.removeFirst()
    }
}

extension NetlinkMessage {
    /// The kernel's answer to a request that was carried out, or refused with `errno` and words.
    static func acknowledgement(_ errno: Int32 = 0, _ words: String? = nil) -> NetlinkMessage {
        var writer = NetlinkWriter()
        writer.add(-errno)
        writer.add([UInt8](repeating: 0, count: 16))
        if let words { writer.addAttribute(1, words) }
        return NetlinkMessage(type: 2, flags: words == nil ? [] : .hasDetails, payload: writer.bytes)
    }

    static let done = NetlinkMessage(type: 3, flags: .multipart, payload: [0, 0, 0, 0])

    static func link(_ index: Int32, _ name: String) -> NetlinkMessage {
        var writer = NetlinkWriter()
        writer.add(0 as UInt32)
        writer.add(index)
        writer.add(0 as UInt64)
        writer.addAttribute(3, name)
        return NetlinkMessage(type: 16, flags: [], payload: writer.bytes)
    }

    static func address(_ index: UInt32, _ bytes: [UInt8], flags: UInt32, scope: UInt8 = 0) -> NetlinkMessage {
        var writer = NetlinkWriter()
        writer.add([2, 24, UInt8(truncatingIfNeeded: flags), scope])
        writer.add(index)
        writer.addAttribute(1, bytes)
        writer.addAttribute(2, bytes)
        writer.addAttribute(3, "label")
        writer.addAttribute(8, flags)
        return NetlinkMessage(type: 20, flags: .multipart, payload: writer.bytes)
    }
}
