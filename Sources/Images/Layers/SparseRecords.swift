/// What extended headers say of a sparse file: GNU tar's manual, "Storing Sparse Files", its three PAX formats.
struct SparseRecords {
    var name: [UInt8]?
    var realSize: Int64?
    /// Formats 0.0 and 0.1 have the map in the header.
    var extents: [TarEntry.Extent] = []
    /// Format 1.0 has it before the content.
    var isMapInContent = false
    var isSparse = false

    mutating func set(_ key: String, _ value: [UInt8]) throws(LayerError) {
        isSparse = true
        switch key {
        case "GNU.sparse.name": name = value
        case "GNU.sparse.size", "GNU.sparse.realsize": realSize = try PaxRecords.number(key, value)
        case "GNU.sparse.major": isMapInContent = value == Array("1".utf8)
        case "GNU.sparse.offset":
            extents.append(TarEntry.Extent(offset: try PaxRecords.number(key, value), length: 0))
        case "GNU.sparse.numbytes":
            guard !extents.isEmpty else { throw .malformed("a sparse file's map is damaged") }
            extents[extents.count - 1].length = try PaxRecords.number(key, value)
        case "GNU.sparse.map": extents = try Self.list(value)
        default: break
        }
    }

    private static func list(_ value: [UInt8]) throws(LayerError) -> [TarEntry.Extent] {
        var numbers: [Int64] = []
        for part in value.split(separator: 0x2c) { numbers.append(try PaxRecords.number("GNU.sparse.map", part)) }
        guard numbers.count.isMultiple(of: 2) else { throw .malformed("a sparse file's map is damaged") }
        return stride(from: 0, to: numbers.count, by: 2).map {
            TarEntry.Extent(offset: numbers[$0], length: numbers[$0 + 1])
        }
    }
}

extension TarEntry {
    /// Refuses a map whose parts overlap, leave the file, or are not what the archive holds.
    func verifyExtents() throws(LayerError) {
        guard let extents else { return }
        var end: Int64 = 0
        var total: Int64 = 0
        for extent in extents {
            guard extent.offset >= end, extent.length >= 0, extent.length <= sparseSize,
                extent.offset <= sparseSize - extent.length
            else { throw .malformed("\(name): a sparse file's map is damaged") }
            end = extent.offset + extent.length
            total += extent.length
        }
        guard total == size else { throw .malformed("\(name): a sparse file's map does not fit its content") }
    }
}
