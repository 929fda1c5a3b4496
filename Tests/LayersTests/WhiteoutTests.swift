import Harness
import Layers
import LinuxKernel
import Testing

@Suite("layer.md, Whiteouts")
struct WhiteoutTests {
    let tree: UnpackedTree

    init() throws { tree = try UnpackedTree() }

    @Test("a whiteout becomes a character device 0:0")
    func removal() throws {
        try tree.unpack {
            $0.add(.directory, "d")
            $0.add(.file, "d/.wh.gone")
        }
        #expect(try tree.isWhiteout("d/gone"))
        #expect(!tree.exists("d/.wh.gone"))
    }

    @Test("an opaque whiteout becomes an attribute of its directory, before or after the directory's own entry")
    func opaque() throws {
        try tree.unpack {
            $0.add(.directory, "d")
            $0.add(.file, "d/.wh..wh..opq")
            $0.add(.file, "e/.wh..wh..opq")
            $0.add(.directory, "e", mode: 0o700)
        }
        #expect(try tree.isOpaque("d"))
        #expect(try tree.isOpaque("e"))
        #expect(try tree.status("e").mode == 0o700)
    }

    @Test("a whiteout does not hide a file of its own layer, whichever comes first")
    func sameLayer() throws {
        try tree.unpack {
            $0.add(.file, "first", content: bytes("1"))
            $0.add(.file, ".wh.first")
            $0.add(.file, ".wh.second")
            $0.add(.file, "second", content: bytes("2"))
        }
        #expect(try tree.text("first") == "1")
        #expect(try tree.text("second") == "2")
    }

    @Test("a directory of the same layer as its whiteout is opaque, whichever comes first")
    func sameLayerDirectories() throws {
        try tree.unpack {
            $0.add(.directory, "first")
            $0.add(.file, ".wh.first")
            $0.add(.file, ".wh.second")
            $0.add(.directory, "second")
            $0.add(.file, ".wh.third")
            $0.add(.file, "third/file", content: bytes("3"))
        }
        for name in ["first", "second", "third"] { #expect(try tree.isOpaque(name), "\(name)") }
        #expect(try tree.text("third/file") == "3")
    }

    @Test("aufs's own names are left out")
    func aufs() throws {
        try tree.unpack {
            $0.add(.directory, ".wh..wh.plnk")
            $0.add(.file, ".wh..wh.plnk/1.2", content: bytes("x"))
            $0.add(.file, ".wh..wh.aufs")
            $0.add(.file, "kept", content: bytes("x"))
        }
        #expect(try Descriptor.workingDirectory.entries(of: tree.path).map(\.name) == ["kept"])
    }

    @Test("applied, a whiteout removes what the layers below have and spares its own layer")
    func applied() throws {
        try tree.unpack(whiteouts: .applied) {
            $0.add(.file, "gone", content: bytes("old"))
            $0.add(.file, "tree/a/b", content: bytes("old"))
            $0.add(.file, "opaque/old", content: bytes("old"))
            $0.add(.file, "mixed/old", content: bytes("old"))
        }
        try tree.unpack(whiteouts: .applied) {
            $0.add(.file, ".wh.gone")
            $0.add(.file, ".wh.tree")
            $0.add(.file, "opaque/new", content: bytes("new"))
            $0.add(.file, "opaque/.wh..wh..opq")
            $0.add(.directory, "mixed")
            $0.add(.file, "mixed/new", content: bytes("new"))
            $0.add(.file, ".wh.mixed")
            $0.add(.file, ".wh.never-there")
        }
        #expect(!tree.exists("gone") && !tree.exists("tree"))
        #expect(try tree.scratch.names("layer/opaque") == ["new"])
        #expect(try tree.scratch.names("layer/mixed") == ["new"])
    }
}
