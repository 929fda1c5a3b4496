internal import ImageSpec

/// Where a snapshotter keeps what. Directories of ours have mode 0700; what lies below `fs` and `upper` is a
/// container's, and is only reached by descriptors.
///
/// ```
/// <root>/
///     lock                            held while a supervisor has the snapshots open
///     empty/                          the layer below a container that has none
///     layers/<algorithm>-<hex>/       an unpacked layer, by its chain ID
///         fs/                         its files: alone (overlay), or with all layers below (copy)
///         diff -> <diff ID>           symbolic links whose targets are the facts: the kernel makes a link whole
///         parent -> <algorithm>-<hex> or not at all, also in a power cut; a lowest layer has no parent
///     containers/<id>/                what a container writes
///         layer -> <algorithm>-<hex>  the layer that it stands on, if any
///         upper/ work/                overlay's
///         fs/                         copy's
///     new/<random>/                   what is being made; what lies here at open was left by a crash
///     trash/<random>/                 what is being removed, likewise
///     damaged/<name>-<random>         what could not be understood; nothing removes it
/// ```
enum SnapshotLayout {
    static let lock = "lock"
    static let empty = "empty"
    static let layers = "layers"
    static let containers = "containers"
    static let new = "new"
    static let trash = "trash"
    static let damaged = "damaged"

    static let tree = "fs"
    static let diffID = "diff"
    static let parent = "parent"
    static let layer = "layer"
    static let upper = "upper"
    static let work = "work"

    static let directoryMode: UInt32 = 0o700
    static let directories = [empty, layers, containers, new, trash, damaged]

    static func name(of chain: ChainID) -> String { "\(chain.digest.algorithm.rawValue)-\(chain.digest.encoded)" }

    static func chain(named name: String) -> ChainID? {
        guard let dash = name.firstIndex(of: "-") else { return nil }
        return (try? Digest("\(name[..<dash]):\(name[name.index(after: dash)...])")).map(ChainID.init(digest:))
    }

    static func path(of chain: ChainID) -> String { "\(layers)/\(name(of: chain))" }
    static func path(ofContainer id: String) -> String { "\(containers)/\(id)" }

    static func random() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    /// A container's identifier becomes a directory's name.
    static func isContainerName(_ id: String) -> Bool {
        let isFine = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        }
        guard let first = id.utf8.first, isFine(first), id.utf8.count <= 128 else { return false }
        return id.utf8.allSatisfy { isFine($0) || [0x5f, 0x2e, 0x2d].contains($0) }
    }
}
