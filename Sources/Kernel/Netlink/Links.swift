public import LinuxKernel

/// A network device: rtnetlink(7), `RTM_NEWLINK`.
public struct NetworkLink: Hashable, Sendable {
    public let index: Int32
    public let name: String

    public init(index: Int32, name: String) {
        self.index = index
        self.name = name
    }
}

private enum LinkMessage {
    static let new: UInt16 = 16
    static let get: UInt16 = 18
    static let set: UInt16 = 19
    static let name: UInt16 = 3
    static let namespaceDescriptor: UInt16 = 28
    static let newIndex: UInt16 = 49
    static let isUp: UInt32 = 1

    /// `struct ifinfomsg`.
    static func header(index: Int32, flags: UInt32 = 0, changing mask: UInt32 = 0) -> NetlinkWriter {
        var writer = NetlinkWriter()
        writer.add(0 as UInt32)
        writer.add(index)
        writer.add(flags)
        writer.add(mask)
        return writer
    }

    static func link(_ message: NetlinkMessage) throws(NetlinkError) -> NetworkLink? {
        guard message.type == new else { return nil }
        var reader = NetlinkReader(message.payload)
        reader.skip(4)
        guard let index = reader.next(Int32.self) else { throw .malformed }
        reader.skip(8)
        guard let name = try reader.attributes()[name] else { throw .malformed }
        return NetworkLink(index: index, name: name.netlinkText)
    }
}

extension NetlinkConnection {
    /// Nil when there is no such device here.
    public func link(named name: String) throws(NetlinkError) -> NetworkLink? {
        var request = LinkMessage.header(index: 0)
        request.addAttribute(LinkMessage.name, name)
        do throws(NetlinkError) { return try links(request.bytes, []).first } catch {
            if error.errno == .noDevice { return nil }
            throw error
        }
    }

    public func links() throws(NetlinkError) -> [NetworkLink] {
        try links(LinkMessage.header(index: 0).bytes, .dump)
    }

    private func links(_ payload: [UInt8], _ flags: NetlinkMessage.Flags) throws(NetlinkError) -> [NetworkLink] {
        var links: [NetworkLink] = []
        for message in try perform(NetlinkMessage(type: LinkMessage.get, flags: flags, payload: payload)) {
            if let link = try LinkMessage.link(message) { links.append(link) }
        }
        return links
    }

    /// Moves a device into another network namespace, where it is down, and has this index and name. A name that ends in
    /// `%d` gets a number. The kernel takes all addresses and routes from it.
    public func move(_ link: NetworkLink, to namespace: Descriptor, index: Int32, name: String) throws(NetlinkError) {
        var request = LinkMessage.header(index: link.index)
        request.addAttribute(LinkMessage.name, name)
        request.addAttribute(LinkMessage.namespaceDescriptor, UInt32(bitPattern: namespace.number))
        request.addAttribute(LinkMessage.newIndex, index)
        _ = try perform(NetlinkMessage(type: LinkMessage.set, flags: [], payload: request.bytes))
    }

    public func raise(linkWithIndex index: Int32) throws(NetlinkError) {
        let request = LinkMessage.header(index: index, flags: LinkMessage.isUp, changing: LinkMessage.isUp)
        _ = try perform(NetlinkMessage(type: LinkMessage.set, flags: [], payload: request.bytes))
    }
}
