import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import Layers
@testable import Snapshots

/// Each kind of snapshotter, opened in a directory of the test's own.
enum SnapshotterKind: String, CaseIterable, CustomTestStringConvertible {
    case overlay, copy

    var testDescription: String { rawValue }

    func open(at path: String) throws -> any Snapshotter {
        switch self {
        case .overlay: try OverlaySnapshotter(opening: path)
        case .copy: try CopySnapshotter(opening: path)
        }
    }
}

extension Snapshotter {
    /// Makes the top layer of `chain` of an archive, and answers the layer's diff ID.
    func unpack(_ archive: String, as chain: ChainID, above parent: ChainID?) throws -> Digest {
        let preparation = try prepareLayer(chain, above: parent)
        let file = try Descriptor.workingDirectory.open(archive)
        let layer = try LayerUnpacker(whiteouts: preparation.whiteouts)
            .unpack(from: file.descriptor, into: preparation.directory, below: preparation.statusBelow)
        try commit(preparation, of: layer)
        return layer.diffID
    }
}

/// What every snapshotter does. Mounts are needed, and so root.
@Suite("every snapshotter")
struct SnapshotterContract {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Layers of `files` each, from the lowest: what is in a file is its layer's number; nil is a whiteout.
    private func prepare(_ snapshotter: any Snapshotter, _ layers: [[String]]) throws -> [ChainID] {
        var archives: [String] = []
        for (number, files) in layers.enumerated() { archives.append(try archive(number, files)) }
        return try unpack(snapshotter, archives)
    }

    private func unpack(_ snapshotter: any Snapshotter, _ archives: [String]) throws -> [ChainID] {
        var diffIDs: [Digest] = []
        for archive in archives {
            let parent = try ChainID.of(diffIDs)
            diffIDs.append(try Digest.of(try Descriptor.workingDirectory.readFile(archive)))
            let chain = try #require(try ChainID.of(diffIDs))
            #expect(try snapshotter.unpack(archive, as: chain, above: parent) == diffIDs.last)
        }
        return try ChainID.all(of: diffIDs)
    }

    private func archive(_ number: Int, _ files: [String]) throws -> String {
        let root = try scratch.directory("tree-\(number)-\(monotonicTime())")
        for file in files {
            if let slash = file.lastIndex(of: "/") {
                try Descriptor.workingDirectory.makeDirectories("\(root)/\(file[..<slash])", mode: 0o755)
            }
            try Files.write("\(root)/\(file)", "\(number)")
        }
        try Command("tar", ["-C", root, "--numeric-owner", "-cf", "\(root).tar", "."]).succeed()
        return "\(root).tar"
    }

    private func mounted(_ snapshotter: any Snapshotter, _ id: String) throws -> String {
        let target = try scratch.directory("mount-\(id)")
        try snapshotter.mount(id, at: target)
        return target
    }

    @Test("a container sees all layers of its chain as one tree", arguments: SnapshotterKind.allCases)
    func layering(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chains = try prepare(
            snapshotter,
            [
                ["low", "both", "gone", "dir/low", "opaque/low", "deep/er/low"],
                ["both", ".wh.gone", "dir/high", "opaque/.wh..wh..opq", "opaque/high", "deep/er/high"],
            ])
        try snapshotter.prepareContainer("c1", on: chains[1])
        let target = try mounted(snapshotter, "c1")
        #expect(try Files.read("\(target)/low") == "0")
        #expect(try Files.read("\(target)/both") == "1")
        #expect(!Files.exists("\(target)/gone"))
        #expect(Files.names(in: "\(target)/dir") == ["high", "low"])
        #expect(Files.names(in: "\(target)/opaque") == ["high"])
        #expect(Files.names(in: "\(target)/deep/er") == ["high", "low"])
        try snapshotter.unmount(at: target)
        #expect(Files.names(in: target) == [])
    }

    @Test("what a container writes is its own, and stays until it is removed", arguments: SnapshotterKind.allCases)
    func writing(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chain = try #require(try prepare(snapshotter, [["file"]]).last)
        for id in ["one", "two"] { try snapshotter.prepareContainer(id, on: chain) }
        let one = try mounted(snapshotter, "one")
        let two = try mounted(snapshotter, "two")
        try Files.write("\(one)/file", "changed")
        try Files.write("\(one)/new", "new")
        #expect(try Files.read("\(two)/file") == "0")
        #expect(!Files.exists("\(two)/new"))
        try snapshotter.unmount(at: one)
        let again = try mounted(snapshotter, "one")
        #expect(try Files.read("\(again)/file") == "changed")
        #expect(try snapshotter.usage(ofContainer: "one").size >= 10)
        try snapshotter.unmount(at: again)
        try snapshotter.unmount(at: two)
        for id in ["one", "two"] { try snapshotter.removeContainer(id) }
        #expect(try snapshotter.containers() == [])
        #expect(throws: SnapshotError.noSuchContainer("one")) { try snapshotter.mount("one", at: one) }
    }

    @Test("a directory that a layer has no entry for stays as it is below", arguments: SnapshotterKind.allCases)
    func impliedDirectories(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let low = try scratch.directory("low")
        try Command("mkdir", ["-m", "1777", "\(low)/tmp"]).succeed()
        try Command("chown", ["5:6", "\(low)/tmp"]).succeed()
        try Command("chmod", ["0711", low]).succeed()
        try Command("tar", ["-C", low, "--numeric-owner", "-cf", "\(low).tar", "."]).succeed()
        let high = try scratch.directory("high/tmp")
        try Files.write("\(high)/file", "x")
        try Command("tar", ["-C", scratch("high"), "-cf", scratch("high.tar"), "tmp/file"]).succeed()
        let chain = try #require(try unpack(snapshotter, ["\(low).tar", scratch("high.tar")]).last)
        try snapshotter.prepareContainer("c", on: chain)
        let target = try mounted(snapshotter, "c")
        let status = try Descriptor.workingDirectory.status(of: "\(target)/tmp")
        #expect(status.mode == 0o1777 && status.owner == 5 && status.group == 6)
        #expect(try Descriptor.workingDirectory.status(of: target).mode == 0o711)
    }

    @Test("the root of the tree has the top layer's mode and owner", arguments: SnapshotterKind.allCases)
    func root(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chain = try #require(try prepare(snapshotter, [["file"]]).last)
        try snapshotter.prepareContainer("c", on: chain)
        let target = try mounted(snapshotter, "c")
        #expect(try Descriptor.workingDirectory.status(of: target).mode == 0o755)
    }

    @Test("a container without an image has an empty tree to write into", arguments: SnapshotterKind.allCases)
    func scratchImage(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        try snapshotter.prepareContainer("c", on: nil)
        let target = try mounted(snapshotter, "c")
        #expect(Files.names(in: target) == [])
        try Files.write("\(target)/file", "x")
        #expect(try Files.read("\(target)/file") == "x")
    }

    @Test("a preparation that is dropped leaves nothing behind", arguments: SnapshotterKind.allCases)
    func dropped(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chain = ChainID(digest: try Digest.of([1]))
        do {
            let preparation = try snapshotter.prepareLayer(chain, above: nil)
            try preparation.directory.makeDirectory("half")
        }
        #expect(!snapshotter.contains(chain))
        #expect(Files.names(in: scratch("snapshots/new")) == [])
    }

    @Test("a layer that somebody stands on is not removed", arguments: SnapshotterKind.allCases)
    func inUse(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chains = try prepare(snapshotter, [["a"], ["b"]])
        try snapshotter.prepareContainer("c", on: chains[1])
        #expect(throws: SnapshotError.self) { try snapshotter.removeLayer(chains[0]) }
        #expect(throws: SnapshotError.self) { try snapshotter.removeLayer(chains[1]) }
        try snapshotter.removeContainer("c")
        try snapshotter.removeLayer(chains[1])
        try snapshotter.removeLayer(chains[0])
        #expect(try snapshotter.layers() == [])
        #expect(Files.names(in: scratch("snapshots/trash")) == [])
        #expect(throws: SnapshotError.noSuchLayer(chains[1])) { try snapshotter.prepareContainer("c", on: chains[1]) }
    }

    @Test("a name is taken once, and must be one", arguments: SnapshotterKind.allCases)
    func names(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        try snapshotter.prepareContainer("c", on: nil)
        #expect(throws: SnapshotError.containerExists("c")) { try snapshotter.prepareContainer("c", on: nil) }
        for name in ["", ".", "..", "a/b", "../c", "-x", "a b", "é"] {
            #expect(throws: SnapshotError.invalidName(name)) { try snapshotter.prepareContainer(name, on: nil) }
            #expect(throws: SnapshotError.invalidName(name)) { try snapshotter.removeContainer(name) }
        }
        #expect(Files.names(in: scratch("snapshots/new")) == [])
    }

    @Test(
        "what a crash left half done is undone at open; what is not understood is set aside",
        arguments: SnapshotterKind.allCases)
    func recovery(_ kind: SnapshotterKind) throws {
        do { _ = try kind.open(at: scratch("snapshots")) }
        try scratch.directory("snapshots/new/half/fs/bin")
        try scratch.directory("snapshots/trash/half/fs/bin")
        try scratch.directory("snapshots/layers/sha256-00/fs")
        let snapshotter = try kind.open(at: scratch("snapshots"))
        #expect(Files.names(in: scratch("snapshots/new")) == [])
        #expect(Files.names(in: scratch("snapshots/trash")) == [])
        #expect(try snapshotter.layers() == [])
        let place = try #require(snapshotter.damaged.first)
        #expect(Files.exists("\(place)/fs"))
    }

    @Test("snapshots are found again after a restart", arguments: SnapshotterKind.allCases)
    func restart(_ kind: SnapshotterKind) throws {
        var chains: [ChainID] = []
        do {
            let snapshotter = try kind.open(at: scratch("snapshots"))
            chains = try prepare(snapshotter, [["a"], ["b"]])
            try snapshotter.prepareContainer("c", on: chains[1])
        }
        let snapshotter = try kind.open(at: scratch("snapshots"))
        #expect(Set(try snapshotter.layers().map(\.chain)) == Set(chains))
        #expect(try snapshotter.layers().first { $0.chain == chains[1] }?.parent == chains[0])
        let target = try mounted(snapshotter, "c")
        #expect(Files.exists("\(target)/a") && Files.exists("\(target)/b"))
    }

    @Test("two threads may make the same layer: one of them stays", arguments: SnapshotterKind.allCases)
    func race(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        let chain = ChainID(digest: try Digest.of([1]))
        let layer = UnpackedLayer(diffID: chain.digest, size: 0, entries: 0)
        do {
            let first = try snapshotter.prepareLayer(chain, above: nil)
            let second = try snapshotter.prepareLayer(chain, above: nil)
            try snapshotter.commit(first, of: layer)
            try snapshotter.commit(second, of: layer)
        }
        #expect(try snapshotter.layers().count == 1)
        #expect(Files.names(in: scratch("snapshots/new")) == [])
    }

    @Test("ending a mount that is not there is no error", arguments: SnapshotterKind.allCases)
    func unmountNothing(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        try snapshotter.unmount(at: try scratch.directory("nothing"))
        try snapshotter.unmount(at: scratch("not-there"))
    }

    @Test("state-permissions: nobody else looks into the snapshots", arguments: SnapshotterKind.allCases)
    func permissions(_ kind: SnapshotterKind) throws {
        _ = try kind.open(at: scratch("snapshots"))
        #expect(try Descriptor.workingDirectory.status(of: scratch("snapshots")).mode == 0o700)
    }

    @Test("a tree nested deeper than any path is removed", arguments: SnapshotterKind.allCases)
    func deepTrees(_ kind: SnapshotterKind) throws {
        let snapshotter = try kind.open(at: scratch("snapshots"))
        try snapshotter.prepareContainer("c", on: nil)
        let target = try mounted(snapshotter, "c")
        try nest(3000, in: target)
        try snapshotter.unmount(at: target)
        _ = try snapshotter.usage(ofContainer: "c")
        try snapshotter.removeContainer("c")
        #expect(Files.names(in: scratch("snapshots/trash")) == [])
    }

    /// By descriptors: a shell's `cd` ends where a path does.
    private func nest(_ depth: Int, in directory: String) throws {
        var place = try Descriptor.workingDirectory.open(directory, [.path, .directory])
        for _ in 0..<depth {
            try place.descriptor.makeDirectory("nested-directory")
            place = try place.descriptor.open("nested-directory", [.path, .directory])
        }
    }
}

@Suite("overlay snapshots")
struct OverlayTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("as many layers as docker allows are mounted below a long path")
    func manyLayers() throws {
        // Longer than one parameter of fsconfig(2) may be.
        let root = scratch(String(repeating: "long-name/", count: 30))
        let snapshotter = try OverlaySnapshotter(opening: root)
        var parent: ChainID?
        for number in 0..<OverlaySnapshotter.maximumLayers {
            let chain = ChainID(digest: try Digest.of([UInt8(number)]))
            let preparation = try snapshotter.prepareLayer(chain, above: parent)
            try preparation.directory.makeDirectory("d\(number)")
            try snapshotter.commit(preparation, of: UnpackedLayer(diffID: chain.digest, size: 0, entries: 1))
            parent = chain
        }
        try snapshotter.prepareContainer("c", on: parent)
        let target = try scratch.directory("mount")
        try snapshotter.mount("c", at: target)
        #expect(Files.names(in: target).count == OverlaySnapshotter.maximumLayers)
        try snapshotter.unmount(at: target)

        let chain = ChainID(digest: try Digest.of([0xff, 0xff]))
        let preparation = try snapshotter.prepareLayer(chain, above: parent)
        try snapshotter.commit(preparation, of: UnpackedLayer(diffID: chain.digest, size: 0, entries: 0))
        #expect(throws: SnapshotError.tooManyLayers(128, limit: 127)) {
            try snapshotter.prepareContainer("d", on: chain)
        }
    }
}
