public import ImageSpec
public import LinuxKernel

/// How a layer's whiteouts are kept in the directory that it is unpacked to.
public enum WhiteoutForm: Hashable, Sendable {
    /// As overlayfs reads them: a character device 0:0, and an attribute on opaque directories. The attribute is
    /// `trusted.overlay.opaque`, or `user.overlay.opaque` for a mount with the option `userxattr`.
    case overlay(userAttributes: Bool)
    /// Not at all: what they name is removed from the directory, which holds a copy of the layers below.
    case applied
}

/// What unpacking a layer told about it.
public struct UnpackedLayer: Hashable, Sendable {
    /// The digest of the uncompressed archive.
    public let diffID: Digest
    /// Bytes of the uncompressed archive.
    public let size: Int64
    public let entries: Int
}

/// Unpacks a layer archive (image-spec 1.1, layer.md) into a directory.
public struct LayerUnpacker: Sendable {
    public var whiteouts: WhiteoutForm
    public var limits: LayerLimits
    /// Whether files get the owners that the archive says. Only root may give files away.
    public var appliesOwners: Bool

    public init(whiteouts: WhiteoutForm, limits: LayerLimits = LayerLimits(), appliesOwners: Bool = true) {
        self.whiteouts = whiteouts
        self.limits = limits
        self.appliesOwners = appliesOwners
    }

    /// Unpacks what `archive` gives to its end (plain, gzip, zstd, xz or bzip2; it may be a pipe) into `directory`,
    /// and computes the diff ID on the way. On an error the directory is in no defined state.
    ///
    /// `below` answers the status of a path in the layers below, for directories that the archive has no entry for.
    public func unpack(
        from archive: Descriptor, into directory: Descriptor, below: (_ path: [UInt8]) -> FileStatus? = { _ in nil }
    ) throws(LayerError) -> UnpackedLayer {
        var tar = TarReader(try LayerStream(archive, limits: limits), limits: limits)
        var tree = LayerTree(directory, whiteouts: whiteouts, appliesOwners: appliesOwners)
        while let entry = try tar.next() { try tree.apply(entry, from: &tar) }
        try tree.finish(below: below)
        let diffID = try tar.finish()
        return UnpackedLayer(diffID: diffID, size: tar.size, entries: tar.entries)
    }
}
