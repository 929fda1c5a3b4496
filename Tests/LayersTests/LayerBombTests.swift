import Layers
import LinuxKernel
import Testing

@Suite("layer-bomb")
struct LayerBombTests {
    let tree: UnpackedTree

    init() throws { tree = try UnpackedTree() }

    @Test("a layer that inflates to more than the limit is stopped")
    func size() throws {
        var tar = TarBuilder()
        tar.add(.file, "zeros", content: [UInt8](repeating: 0, count: 2 << 20))
        #expect(throws: LayerError.self) { try tree.unpack(tar.archive, limits: LayerLimits(size: 1 << 20)) }
    }

    @Test("an entry that says it has exabytes is refused before anything is written")
    func announcedSize() throws {
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("size", bytes("9223372036854775807"))])
                $0.add(.file, "huge")
            }
        }
        #expect(!tree.exists("huge"))
    }

    @Test("a ratio of inflation beyond all reason is stopped")
    func ratio() throws {
        let bomb = try Fixtures.bytes("bomb-4MiB-of-zeros.tar.gz")
        let limits = LayerLimits(ratio: 100, ratioFloor: 1 << 20)
        #expect(throws: LayerError.self) { try tree.unpack(bomb, limits: limits) }
        try tree.unpack(bomb, limits: LayerLimits(ratio: 10_000, ratioFloor: 1 << 20))
    }

    @Test("more entries than the limit are refused")
    func entries() throws {
        var tar = TarBuilder()
        for number in 0..<20 { tar.add(.directory, "d\(number)") }
        #expect(throws: LayerError.self) { try tree.unpack(tar.archive, limits: LayerLimits(entries: 10)) }
    }

    @Test("an extended header of gigabytes is refused before it is read")
    func headers() throws {
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.pax, "pax", size: 1 << 31) } }
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.longName, "L", size: 1 << 31) } }
    }

    @Test("names longer than any path are refused")
    func longNames() throws {
        let deep = String(repeating: "d/", count: 5000) + "f"
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("path", bytes(deep))])
                $0.add(.file, "f")
            }
        }
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("path", [UInt8](repeating: 0x61, count: 256))])
                $0.add(.file, "f")
            }
        }
    }

    @Test(
        "a sparse file's map must fit",
        arguments: ["0,10", "5,1,0,9", "0,5,4,5", "9223372036854775807,10", "0,9223372036854775807", "0", "a,b"])
    func sparseMaps(_ map: String) throws {
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("GNU.sparse.map", bytes(map)), ("GNU.sparse.size", bytes("100"))])
                $0.add(.file, "sparse", content: [UInt8](repeating: 1, count: 9))
            }
        }
    }
}

@Suite("archives that are no archives")
struct MalformedArchiveTests {
    let tree: UnpackedTree

    init() throws { tree = try UnpackedTree() }

    @Test("text, noise and archives that break off are errors, whatever their compression")
    func malformed() throws {
        var tar = TarBuilder()
        tar.add(.file, "file", content: [UInt8](repeating: 7, count: 5000))
        let noise = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        for archive in [
            bytes("this is no archive"), noise, Array(tar.archive.prefix(100)), Array(tar.archive.prefix(3000)),
            [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], [0x28, 0xb5, 0x2f, 0xfd, 4, 5],
            Array(try Fixtures.bytes("bomb-4MiB-of-zeros.tar.gz").dropLast(100)),
        ] {
            #expect(throws: LayerError.self) { try tree.unpack(archive) }
        }
    }

    @Test("an archive that breaks off is told with the entry that it breaks off in, or behind")
    func cutShort() throws {
        var tar = TarBuilder()
        tar.add(.file, "etc/first", content: [UInt8](repeating: 7, count: 1000))
        tar.addPax([("comment", bytes("none"))])
        tar.add(.file, "etc/second")
        for (count, words) in [
            (100, "in the middle of its first header"), (1000, "in the middle of \"etc/first\""),
            (1700, "in the middle of the header behind \"etc/first\""),
            (2050, "in the middle of the header behind \"etc/first\""),
            (2600, "in the middle of the header behind \"etc/first\""),
        ] {
            let error = #expect(throws: LayerError.self) { try tree.unpack(Array(tar.archive.prefix(count))) }
            let text = error?.description ?? "none"
            #expect(text.contains(words), "\(count): \(text)")
        }
    }

    @Test("an empty archive is an empty layer")
    func empty() throws {
        #expect(try tree.unpack(TarBuilder().archive).entries == 0)
        #expect(try tree.unpack([]).size == 0)
    }

    @Test("a wrong checksum is an error")
    func checksum() throws {
        var tar = TarBuilder()
        tar.add(.file, "file")
        var archive = tar.archive
        archive[0] ^= 1
        #expect(throws: LayerError.self) { try tree.unpack(archive) }
    }

    @Test("names with NUL bytes are refused")
    func nul() throws {
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("path", [0x61, 0, 0x62])])
                $0.add(.file, "f")
            }
        }
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.addPax([("linkpath", [0x61, 0, 0x62])])
                $0.add(.symbolicLink, "f")
            }
        }
    }
}
