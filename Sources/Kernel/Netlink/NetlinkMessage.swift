/// One message of netlink(7): a header and what it carries, in the machine's byte order.
public struct NetlinkMessage: Hashable, Sendable {
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let request = Flags(rawValue: 0x1)
        /// More messages of the same answer follow.
        public static let multipart = Flags(rawValue: 0x2)
        public static let acknowledge = Flags(rawValue: 0x4)
        /// All there are.
        public static let dump = Flags(rawValue: 0x300)
        /// In an acknowledgement: attributes say more about it.
        public static let hasDetails = Flags(rawValue: 0x200)
        /// In a request for a new thing: it must not exist yet.
        public static let exclusive = Flags(rawValue: 0x200)
        public static let create = Flags(rawValue: 0x400)
    }

    public var type: UInt16
    public var flags: Flags
    public var sequence: UInt32
    public var payload: [UInt8]

    public init(type: UInt16, flags: Flags, sequence: UInt32 = 0, payload: [UInt8]) {
        self.type = type
        self.flags = flags
        self.sequence = sequence
        self.payload = payload
    }

    static let headerSize = 16

    /// As it travels. The port is 0: the kernel fills in ours.
    public var bytes: [UInt8] {
        var writer = NetlinkWriter()
        writer.add(UInt32(Self.headerSize + payload.count))
        writer.add(type)
        writer.add(flags.rawValue)
        writer.add(sequence)
        writer.add(0 as UInt32)
        writer.add(payload)
        return writer.bytes
    }

    /// The messages of one datagram.
    public static func parse(_ bytes: [UInt8]) throws(NetlinkError) -> [NetlinkMessage] {
        var messages: [NetlinkMessage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var reader = NetlinkReader(rest)
            guard let length = reader.next(UInt32.self), let type = reader.next(UInt16.self),
                let flags = reader.next(UInt16.self), let sequence = reader.next(UInt32.self),
                reader.next(UInt32.self) != nil, Int(length) >= headerSize, Int(length) <= rest.count
            else { throw .malformed }
            messages.append(
                NetlinkMessage(
                    type: type, flags: Flags(rawValue: flags), sequence: sequence,
                    payload: Array(rest.dropFirst(headerSize).prefix(Int(length) - headerSize))))
            rest = rest.dropFirst(NetlinkWriter.aligned(Int(length)))
        }
        return messages
    }
}

// MARK: Numbers and attributes

/// Puts together what a message carries: every part starts at a multiple of four bytes.
public struct NetlinkWriter {
    public private(set) var bytes: [UInt8] = []
    public init() {}

    static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

    public mutating func add(_ number: some FixedWidthInteger) {
        var number = number
        withUnsafeBytes(of: &number) { bytes.append(contentsOf: $0) }
    }

    public mutating func add(_ part: [UInt8]) { bytes += part }

    public mutating func addAttribute(_ type: UInt16, _ value: [UInt8]) {
        add(UInt16(4 + value.count))
        add(type)
        bytes += value
        bytes += [UInt8](repeating: 0, count: Self.aligned(value.count) - value.count)
    }

    public mutating func addAttribute(_ type: UInt16, _ number: some FixedWidthInteger) {
        var value = NetlinkWriter()
        value.add(number)
        addAttribute(type, value.bytes)
    }

    public mutating func addAttribute(_ type: UInt16, _ text: String) { addAttribute(type, Array(text.utf8) + [0]) }
}

/// Takes apart what a message carries.
public struct NetlinkReader {
    private var rest: ArraySlice<UInt8>
    public init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    /// Nil when there are too few bytes.
    public mutating func next<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { return nil }
        var number: Number = 0
        withUnsafeMutableBytes(of: &number) { $0.copyBytes(from: rest.prefix(size)) }
        rest = rest.dropFirst(size)
        return number
    }

    public mutating func skip(_ count: Int) { rest = rest.dropFirst(count) }

    /// All that is left, as attributes; of those that stand twice the last counts.
    public func attributes() throws(NetlinkError) -> [UInt16: [UInt8]] {
        var attributes: [UInt16: [UInt8]] = [:]
        var rest = rest
        while rest.count >= 4 {
            var reader = NetlinkReader(rest.prefix(4))
            guard let length = reader.next(UInt16.self), let type = reader.next(UInt16.self), length >= 4,
                Int(length) <= rest.count
            else { throw .malformed }
            // The two highest bits say how the value is meant, which the type says, too.
            attributes[type & 0x3fff] = Array(rest.dropFirst(4).prefix(Int(length) - 4))
            rest = rest.dropFirst(NetlinkWriter.aligned(Int(length)))
        }
        return attributes
    }
}

extension [UInt8] {
    /// An attribute's value as text, without the zero at its end.
    var netlinkText: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }

    /// An attribute's value as a number; nil if it has another size.
    func netlinkNumber<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard count == MemoryLayout<Number>.size else { return nil }
        var reader = NetlinkReader(self)
        return reader.next(type)
    }
}
