internal import LinuxKernel

/// Where an entry goes: the directory and the name in it, cleaned of `.`, `..` and doubled slashes.
struct EntryPath: Hashable {
    /// The cleaned path of the directory, empty for the layer's root.
    let directory: [UInt8]
    /// Empty for the layer's root itself.
    let name: [UInt8]

    var isRoot: Bool { name.isEmpty }
    var bytes: [UInt8] { directory.isEmpty ? name : directory + [0x2f] + name }

    /// A name that leads above the root is refused; an absolute one starts at the root (layer-escape).
    init(_ path: [UInt8]) throws(LayerError) {
        let subject = String(decoding: path.prefix(512), as: UTF8.self)
        var components: [ArraySlice<UInt8>] = []
        for component in path.split(separator: 0x2f) where component != [0x2e] {
            guard component == [0x2e, 0x2e] else {
                components.append(component)
                continue
            }
            guard components.popLast() != nil else {
                throw .escape(entry: subject, reason: "its name leads out of the layer")
            }
        }
        guard !path.contains(0) else { throw .malformed("\(subject): a name with a NUL byte") }
        name = components.popLast().map { Array($0) } ?? []
        directory = Array(components.joined(separator: [0x2f]))
    }

    init(directory: [UInt8], name: [UInt8]) {
        self.directory = directory
        self.name = name
    }
}

extension FileName {
    /// A name that was cleaned, and so has no NUL.
    init(cleaned bytes: [UInt8]) { self = FileName(bytes: bytes) ?? FileName.current }
}
