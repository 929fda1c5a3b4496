/// An address of a network device: rtnetlink(7), `RTM_NEWADDR`.
public struct LinkAddress: Hashable, Sendable {
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let noDuplicateDetection = Flags(rawValue: 0x02)
        /// Somebody configured it; it has no end.
        public static let permanent = Flags(rawValue: 0x80)
        public static let noPrefixRoute = Flags(rawValue: 0x200)
        public static let joinsMulticast = Flags(rawValue: 0x400)
        /// What was asked for when it was made; the others are the kernel's view of it.
        static let requested: Flags = [.noDuplicateDetection, .noPrefixRoute, .joinsMulticast]
    }

    /// 2 or 10.
    public let family: UInt8
    public let prefixLength: UInt8
    public let flags: Flags
    /// 0 is the whole world's (`RT_SCOPE_UNIVERSE`).
    public let scope: UInt8
    /// Of the device.
    public let index: UInt32
    /// `IFA_LOCAL`, `IFA_ADDRESS`, `IFA_BROADCAST` and `IFA_RT_PRIORITY`, as the kernel has them.
    let attributes: [UInt16: [UInt8]]

    /// Neither of this link alone nor for a limited time: what config-linux.md, "Network Devices", wants preserved.
    public var isLasting: Bool { flags.contains(.permanent) && scope == 0 }
}

private enum AddressMessage {
    static let new: UInt16 = 20
    static let get: UInt16 = 22
    static let flags: UInt16 = 8
    /// What an address is made of.
    static let kept: [UInt16] = [1, 2, 4, 9]
}

extension LinkAddress {
    init?(_ message: NetlinkMessage) throws(NetlinkError) {
        guard message.type == AddressMessage.new else { return nil }
        var reader = NetlinkReader(message.payload)
        guard let family = reader.next(UInt8.self), let prefixLength = reader.next(UInt8.self),
            let lowFlags = reader.next(UInt8.self), let scope = reader.next(UInt8.self),
            let index = reader.next(UInt32.self)
        else { throw .malformed }
        let attributes = try reader.attributes()
        // The header has room for eight flags, the attribute for all.
        let flags = attributes[AddressMessage.flags]?.netlinkNumber(UInt32.self) ?? UInt32(lowFlags)
        self.init(
            family: family, prefixLength: prefixLength, flags: Flags(rawValue: flags), scope: scope, index: index,
            attributes: attributes.filter { AddressMessage.kept.contains($0.key) })
    }

    /// `struct ifaddrmsg` and attributes, for a device.
    func request(index: Int32) -> [UInt8] {
        var writer = NetlinkWriter()
        writer.add([family, prefixLength, 0, scope])
        writer.add(index)
        for (type, value) in attributes.sorted(by: { $0.key < $1.key }) { writer.addAttribute(type, value) }
        writer.addAttribute(AddressMessage.flags, flags.intersection(.requested).rawValue)
        return writer.bytes
    }
}

extension NetlinkConnection {
    /// Of all families.
    public func addresses(of link: NetworkLink) throws(NetlinkError) -> [LinkAddress] {
        let request = NetlinkMessage(
            type: AddressMessage.get, flags: .dump, payload: [UInt8](repeating: 0, count: 8))
        var addresses: [LinkAddress] = []
        for message in try perform(request) {
            guard let address = try LinkAddress(message), address.index == UInt32(bitPattern: link.index) else {
                continue
            }
            addresses.append(address)
        }
        return addresses
    }

    /// Gives a device an address that it does not have yet.
    public func add(_ address: LinkAddress, toLinkWithIndex index: Int32) throws(NetlinkError) {
        let request = NetlinkMessage(
            type: AddressMessage.new, flags: [.create, .exclusive], payload: address.request(index: index))
        _ = try perform(request)
    }
}
