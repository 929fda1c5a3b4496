/// One entry of a tar archive, with what its extended headers said of it: tar(5), pax(1).
struct TarEntry {
    enum Kind: Hashable {
        case regular, hardLink, symbolicLink, characterDevice, blockDevice, directory, fifo
    }

    /// Part of a sparse file that has content.
    struct Extent: Hashable {
        var offset: Int64
        var length: Int64
    }

    struct Attribute: Hashable {
        var name: [UInt8]
        var value: [UInt8]
    }

    var kind: Kind
    var path: [UInt8]
    var linkPath: [UInt8] = []
    /// 0o7777 at most.
    var mode: UInt32 = 0
    var owner: UInt32 = 0
    var group: UInt32 = 0
    /// Bytes of content in the archive.
    var size: Int64 = 0
    var modifiedSeconds: Int64 = 0
    var modifiedNanoseconds: Int64 = 0
    var deviceMajor: UInt32 = 0
    var deviceMinor: UInt32 = 0
    var attributes: [Attribute] = []
    /// Where the content belongs, in a sparse file; its length with the holes is `sparseSize`.
    var extents: [Extent]?
    var sparseSize: Int64 = 0

    /// For messages.
    var name: String { String(decoding: path.prefix(512), as: UTF8.self) }
}
