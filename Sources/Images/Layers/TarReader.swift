internal import ImageSpec

/// Reads the entries of a tar archive, one after the other: ustar, pax and GNU tar, as Go's archive/tar reads them,
/// since that is what the field's builders write.
struct TarReader: ~Copyable {
    private var stream: LayerStream
    private let limits: LayerLimits
    /// Content of the current entry that nobody took yet, and the padding behind it.
    private var unread: Int64 = 0
    private var padding: Int64 = 0
    private(set) var entries = 0
    /// The last entry's path, for messages.
    private var lastPath: [UInt8] = []

    init(_ stream: consuming LayerStream, limits: LayerLimits) {
        self.stream = stream
        self.limits = limits
    }

    /// Bytes of the uncompressed archive so far.
    var size: Int64 { stream.size }

    /// The next entry; nil at the end.
    mutating func next() throws(LayerError) -> TarEntry? {
        var records = PaxRecords()
        var longName: [UInt8]?
        var longLink: [UInt8]?
        while true {
            try skipContent()
            guard let header = try nextHeader() else { return nil }
            switch header.type {
            case UInt8(ascii: "x"): records = try PaxRecords(try headerContent(header))
            case UInt8(ascii: "g"): _ = try headerContent(header)
            case UInt8(ascii: "L"): longName = try headerContent(header).prefix { $0 != 0 }.map { $0 }
            case UInt8(ascii: "K"): longLink = try headerContent(header).prefix { $0 != 0 }.map { $0 }
            default: return try entry(header, records, longName, longLink)
            }
        }
    }

    /// Hands the current entry's content to `body`, piece by piece.
    mutating func content(_ body: (Span<UInt8>) throws(LayerError) -> Void) throws(LayerError) {
        let count = unread
        unread = 0
        try stream.take(count, of: lastPath, body)
    }

    /// The next `count` bytes of the current entry's content.
    mutating func content(count: Int64, _ body: (Span<UInt8>) throws(LayerError) -> Void) throws(LayerError) {
        unread -= count
        try stream.take(count, of: lastPath, body)
    }

    /// The current entry's content, at once; more than `limit` bytes are refused.
    mutating func contentBytes(limit: Int) throws(LayerError) -> [UInt8] {
        guard unread <= limit else { throw .tooLarge("a document has more than \(limit) bytes") }
        let count = Int(unread)
        unread = 0
        let bytes = try stream.bytes(upTo: count)
        guard bytes.count == count else { throw .cutShort(within: lastPath) }
        return bytes
    }

    /// Reads to the end of the stream, and answers the digest of all of it.
    mutating func finish() throws(LayerError) -> Digest { try stream.finish() }
}

// MARK: Headers

extension TarReader {
    private mutating func skipContent() throws(LayerError) {
        try stream.skip(unread, of: lastPath)
        // Some builders end their archives with the last file's last byte, and Go's reader lets them.
        _ = try stream.bytes(upTo: Int(padding))
        (unread, padding) = (0, 0)
    }

    private mutating func nextHeader() throws(LayerError) -> TarHeader? {
        let bytes = try stream.bytes(upTo: TarHeader.size)
        // An archive without its closing zeros is read as GNU tar reads it.
        if bytes.isEmpty { return nil }
        guard bytes.count == TarHeader.size else { throw .cutShort(behind: lastPath) }
        guard let header = try TarHeader(bytes) else { return nil }
        entries += 1
        if entries > limits.entries { throw .tooLarge("more than \(limits.entries) entries") }
        return header
    }

    private mutating func expectContent(_ size: Int64, _ name: String) throws(LayerError) {
        guard size >= 0, size <= limits.size else { throw .tooLarge("\(name) is said to have \(size) bytes") }
        unread = size
        padding = (512 - size % 512) % 512
    }

    /// What an extended header holds, which is bounded.
    private mutating func headerContent(_ header: TarHeader) throws(LayerError) -> [UInt8] {
        let size = try header.number(124, 12)
        guard size >= 0, size <= Int64(limits.headerSize) else {
            throw .tooLarge("an extended header has more than \(limits.headerSize) bytes")
        }
        let bytes = try stream.bytes(upTo: Int(size))
        guard bytes.count == size else { throw .cutShort(behind: lastPath) }
        try stream.skip((512 - size % 512) % 512, of: lastPath)
        return bytes
    }

    private mutating func entry(
        _ header: TarHeader, _ records: PaxRecords, _ longName: [UInt8]?, _ longLink: [UInt8]?
    ) throws(LayerError) -> TarEntry {
        let path = records.sparse.name ?? records.path ?? longName ?? header.path
        lastPath = path
        var entry = TarEntry(kind: try Self.kind(header, path), path: path)
        entry.linkPath = records.linkPath ?? longLink ?? header.linkPath
        try Self.fill(&entry, header, records)
        entry.size = entry.kind == .regular ? try header.number(124, 12, unless: records.size) : 0
        try expectContent(entry.size, entry.name)
        try readSparseMap(&entry, header, records.sparse)
        return entry
    }

    private static func kind(_ header: TarHeader, _ path: [UInt8]) throws(LayerError) -> TarEntry.Kind {
        switch header.type {
        case 0: path.last == 0x2f ? .directory : .regular
        case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): .regular
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"): .characterDevice
        case UInt8(ascii: "4"): .blockDevice
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .fifo
        default: throw .malformed("\(String(decoding: path, as: UTF8.self)): unknown entry type \(header.type)")
        }
    }

    private static func fill(_ entry: inout TarEntry, _ header: TarHeader, _ records: PaxRecords) throws(LayerError) {
        entry.mode = UInt32(truncatingIfNeeded: try header.number(100, 8)) & 0o7777
        entry.owner = try identity(try header.number(108, 8, unless: records.owner), entry.name)
        entry.group = try identity(try header.number(116, 8, unless: records.group), entry.name)
        entry.modifiedSeconds = try header.number(136, 12, unless: records.modified?.seconds)
        entry.modifiedNanoseconds = records.modified?.nanoseconds ?? 0
        entry.attributes = records.attributes
        guard entry.kind == .characterDevice || entry.kind == .blockDevice else { return }
        entry.deviceMajor = UInt32(truncatingIfNeeded: try header.number(329, 8))
        entry.deviceMinor = UInt32(truncatingIfNeeded: try header.number(337, 8))
    }

    /// 4294967295 means "leave it" to chown(2), and what is larger would wrap round to root (uid-overflow).
    private static func identity(_ number: Int64, _ name: String) throws(LayerError) -> UInt32 {
        guard let identity = UInt32(exactly: number), identity != .max else {
            throw .malformed("\(name): owner \(number) is out of range")
        }
        return identity
    }
}

// MARK: Sparse files

extension TarReader {
    private mutating func readSparseMap(_ entry: inout TarEntry, _ header: TarHeader, _ records: SparseRecords)
        throws(LayerError)
    {
        if header.type == UInt8(ascii: "S") {
            entry.sparseSize = try header.number(483, 12)
            entry.extents = try readGNUMap(header)
        } else if records.isSparse {
            entry.sparseSize = records.realSize ?? entry.size
            entry.extents = records.isMapInContent ? try readMapInContent(&entry) : records.extents
        }
        try entry.verifyExtents()
    }

    /// GNU tar's old format: four places in the header, 21 in each block that follows as long as it says so.
    private mutating func readGNUMap(_ header: TarHeader) throws(LayerError) -> [TarEntry.Extent] {
        var extents = try Self.extents(header, at: 386, count: 4)
        var isContinued = header.bytes[482] != 0
        while isContinued {
            guard let block = TarHeader(continuing: try stream.bytes(upTo: TarHeader.size)),
                extents.count * 24 < limits.headerSize
            else { throw .malformed("a sparse file's map is damaged") }
            extents += try Self.extents(block, at: 0, count: 21)
            isContinued = block.bytes[504] != 0
        }
        return extents
    }

    private static func extents(_ header: TarHeader, at offset: Int, count: Int) throws(LayerError) -> [TarEntry.Extent]
    {
        var extents: [TarEntry.Extent] = []
        for place in stride(from: offset, to: offset + count * 24, by: 24) where header.bytes[place] != 0 {
            extents.append(
                TarEntry.Extent(offset: try header.number(place, 12), length: try header.number(place + 12, 12)))
        }
        return extents
    }

    /// PAX format 1.0: decimal numbers, a line each, padded to whole blocks.
    private mutating func readMapInContent(_ entry: inout TarEntry) throws(LayerError) -> [TarEntry.Extent] {
        var text: [UInt8] = []
        let count = try mapNumber(&text, &entry)
        guard count >= 0, count <= Int64(limits.headerSize / 2) else {
            throw .malformed("\(entry.name): a sparse file's map is damaged")
        }
        var extents: [TarEntry.Extent] = []
        for _ in 0..<count {
            extents.append(
                TarEntry.Extent(offset: try mapNumber(&text, &entry), length: try mapNumber(&text, &entry)))
        }
        return extents
    }

    /// The next line of the map in `text`, which is filled a block at a time.
    private mutating func mapNumber(_ text: inout [UInt8], _ entry: inout TarEntry) throws(LayerError) -> Int64 {
        while !text.contains(0x0a) {
            guard unread >= 512, text.count < 64 else {
                throw .malformed("\(entry.name): a sparse file's map is damaged")
            }
            text += try stream.bytes(upTo: 512)
            unread -= 512
            entry.size -= 512
        }
        let line = text.prefix { $0 != 0x0a }
        text.removeFirst(line.count + 1)
        return try PaxRecords.number("sparse map", line)
    }
}

extension TarHeader {
    /// A block that continues a header and has no checksum of its own.
    init?(continuing bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }
}
