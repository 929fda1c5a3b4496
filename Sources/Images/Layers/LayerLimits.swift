/// How much a layer may be (layer-bomb). What goes beyond stops the unpacking with a clear error.
public struct LayerLimits: Hashable, Sendable {
    /// Bytes of the uncompressed archive.
    public var size: Int64
    /// Files, directories and all other entries.
    public var entries: Int
    /// Uncompressed bytes for each compressed one, looked at once more than ``ratioFloor`` bytes came out.
    public var ratio: Int64
    public var ratioFloor: Int64
    /// Bytes of one extended header: names, attributes, the map of a sparse file.
    public var headerSize: Int

    public init(
        size: Int64 = 64 << 30, entries: Int = 4_000_000, ratio: Int64 = 250, ratioFloor: Int64 = 1 << 30,
        headerSize: Int = 1 << 20
    ) {
        self.size = size
        self.entries = entries
        self.ratio = ratio
        self.ratioFloor = ratioFloor
        self.headerSize = headerSize
    }
}
