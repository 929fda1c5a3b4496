import ContentStore
import ImageSpec
import Layers
import LinuxKernel
import Testing

@Suite("layer.md, what a layer holds")
struct LayerContentTests {
    let tree: UnpackedTree

    init() throws { tree = try UnpackedTree() }

    @Test("modes, set-user-ID and times are what the archive says, also of directories that were written into")
    func metadata() throws {
        try tree.unpack {
            $0.add(.directory, "d", mode: 0o1777, modified: 5)
            $0.add(.file, "d/su", content: bytes("x"), mode: 0o4755, modified: 6)
            $0.add(.directory, "closed", mode: 0o000, modified: 7)
            $0.add(.file, "closed/file", content: bytes("x"))
            $0.add(.symbolicLink, "link", link: "d/su", modified: 8)
            $0.add(.fifo, "fifo", mode: 0o600, modified: 9)
        }
        #expect(try tree.status("d").mode == 0o1777)
        #expect(try tree.status("d").modified.seconds == 5)
        #expect(try tree.status("d/su").mode == 0o4755)
        #expect(try tree.status("d/su").modified.seconds == 6)
        #expect(try tree.status("closed").mode == 0)
        #expect(try tree.status("link").modified.seconds == 8)
        #expect(try tree.status("fifo").kind == .fifo)
    }

    @Test("fractions of seconds and times before 1970 are kept")
    func times() throws {
        try tree.unpack {
            $0.addPax([("mtime", bytes("12.5"))])
            $0.add(.file, "a")
            $0.addPax([("mtime", bytes("-1.25"))])
            $0.add(.file, "b")
        }
        #expect(try tree.status("a").modified == (12, 500_000_000))
        #expect(try tree.status("b").modified == (-2, 750_000_000))
    }

    @Test("hard links are names of one file, and an entry replaces what has its name")
    func links() throws {
        try tree.unpack {
            $0.add(.file, "a", content: bytes("one"))
            $0.add(.hardLink, "b", link: "./a")
            $0.add(.file, "c/x", content: bytes("x"))
            $0.add(.file, "c", content: bytes("file now"))
            $0.add(.hardLink, "b", link: "/a")
            $0.add(.hardLink, "a", link: "a")
        }
        #expect(try tree.status("a").inode == (try tree.status("b")).inode)
        #expect(try tree.text("c") == "file now")
    }

    @Test("names of any bytes are what they were")
    func names() throws {
        let name: [UInt8] = [0xff, 0xfe, 0x80, 0x20, 0x0a]
        try tree.unpack { $0.add(.file, name, content: bytes("x")) }
        let directory = try Descriptor.workingDirectory.open(tree.path, [.directory])
        #expect(try directory.descriptor.names().map(\.name.bytes) == [name])
    }

    @Test("long names come by pax records, by GNU headers and by ustar's prefix")
    func longNames() throws {
        let long = String(repeating: "n", count: 200)
        try tree.unpack {
            $0.addPax([("path", bytes("pax/" + long))])
            $0.add(.file, "short", content: bytes("1"))
            $0.add(.longName, "././@LongLink", content: bytes("gnu/" + long + "\u{0}"))
            $0.add(.file, "short", content: bytes("2"))
        }
        #expect(try tree.text("pax/" + long) == "1")
        #expect(try tree.text("gnu/" + long) == "2")
    }

    @Test("a global header is no entry")
    func globalHeader() throws {
        try tree.unpack {
            $0.addPax([("comment", bytes("commit"))], .global)
            $0.add(.file, "a", content: bytes("x"))
        }
        #expect(try Descriptor.workingDirectory.entries(of: tree.path).count == 1)
    }

    @Test(
        "archives that GNU tar, libarchive and Python wrote are read alike",
        arguments: [
            "gnu.tar", "posix.tar", "oldgnu-sparse.tar.gz", "pax-sparse-0.0.tar.gz", "pax-sparse-0.1.tar.gz",
            "pax-sparse-1.0.tar.gz", "bsdtar-pax.tar.zst", "python-gnu.tar.xz", "ustar.tar.bz2", "unpadded-end.tar",
        ])
    func others(_ name: String) throws {
        try tree.unpack(try Fixtures.bytes(name))
        #expect(try tree.text("dir/hello") == "hello\n")
        #expect(try tree.status("dir/hello").modified.seconds == 1_000_000_000)
        #expect(try tree.text("dir/link") == "hello\n")
        #expect(try tree.status("dir/hello").inode == (try tree.status("dir/hard")).inode)
        let long = "dir/" + String(repeating: "l", count: 90) + "/" + String(repeating: "m", count: 40)
        #expect(tree.exists(long))
        guard name.contains("sparse") else { return }
        let sparse = try Descriptor.workingDirectory.readFile(tree("dir/sparse"))
        #expect(sparse.count == 1 << 20)
        #expect(Array(sparse[500_000..<500_005]) == bytes("middl"))
        #expect(sparse.suffix(3) == bytes("end"))
        #expect(sparse[0..<1000].allSatisfy { $0 == 0 })
    }

    @Test("the diff ID is the digest of the uncompressed archive, to its last byte")
    func diffID() throws {
        let plain = try Fixtures.bytes("gnu.tar")
        #expect(try tree.unpack(plain).diffID == (try Digest.of(plain)))
        var tar = TarBuilder()
        tar.add(.file, "a")
        let padded = tar.archive + [UInt8](repeating: 0, count: 8192) + bytes("trailing")
        #expect(try tree.unpack(padded).diffID == (try Digest.of(padded)))
    }
}
