import Harness
import Layers
import LinuxKernel
import Testing

@Suite("layer-escape")
struct LayerEscapeTests {
    let tree: UnpackedTree

    init() throws { tree = try UnpackedTree() }

    @Test("a name that leads above the root is refused", arguments: ["../evil", "a/../../evil", "..", "./../evil"])
    func parents(_ name: String) throws {
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.file, name, content: bytes("x")) } }
        #expect(try tree.outside() == ["layer"])
    }

    @Test("an absolute name starts at the layer's root")
    func absolute() throws {
        try tree.unpack { $0.add(.file, "/evil", content: bytes("x")) }
        #expect(try tree.text("evil") == "x")
    }

    @Test(
        "a file below a symbolic link that leads out lands in the layer",
        arguments: ["..", "../..", "/", "../../../../../../../../tmp", "/proc/self/root"])
    func linkAndFile(_ target: String) throws {
        _ = try? tree.unpack {
            $0.add(.symbolicLink, "link", link: target)
            $0.add(.file, "link/evil-\(ThisProcess.pid)", content: bytes("x"))
        }
        #expect(try tree.outside() == ["layer"])
        for place in ["/tmp", "/"] {
            #expect(try !Descriptor.workingDirectory.exists("\(place)/evil-\(ThisProcess.pid)"))
        }
    }

    @Test("a link to the root of the host is a link to the layer's root")
    func linkToRoot() throws {
        try tree.unpack {
            $0.add(.symbolicLink, "link", link: "/")
            $0.add(.file, "link/file", content: bytes("x"))
            $0.add(.symbolicLink, "up", link: "../../..")
            $0.add(.file, "up/other", content: bytes("y"))
        }
        #expect(try tree.text("file") == "x")
        #expect(try tree.text("other") == "y")
    }

    @Test("a magic link of procfs is not followed")
    func magicLink() throws {
        try Descriptor.workingDirectory.makeDirectory(tree.scratch("victim"), mode: 0o755)
        let victim = try Descriptor.workingDirectory.open(tree.scratch("victim"), [.directory])
        _ = try? tree.unpack {
            $0.add(.symbolicLink, "link", link: victim.descriptor.procPath)
            $0.add(.file, "link/evil", content: bytes("x"))
        }
        #expect(try tree.scratch.names("victim") == [])
    }

    @Test("a file replaces a symbolic link instead of being written through it")
    func writeThrough() throws {
        try Descriptor.workingDirectory.writeFileDurably(tree.scratch("victim"), bytes("safe"))
        try tree.unpack {
            $0.add(.symbolicLink, "link", link: "../victim")
            $0.add(.file, "link", content: bytes("x"))
        }
        #expect(try tree.text("link") == "x")
        #expect(try Descriptor.workingDirectory.readFile(tree.scratch("victim")) == bytes("safe"))
    }

    @Test("a directory over a symbolic link does not change what the link led to")
    func directoryOverLink() throws {
        try Descriptor.workingDirectory.makeDirectory(tree.scratch("victim"), mode: 0o755)
        try tree.unpack {
            $0.add(.symbolicLink, "link", link: "../victim")
            $0.add(.directory, "link", mode: 0o777)
        }
        #expect(try tree.status("link").kind == .directory)
        #expect(try Descriptor.workingDirectory.status(of: tree.scratch("victim")).mode == 0o755)
    }

    @Test(
        "a hard link to a file outside is refused",
        arguments: ["../victim", "/../victim", "../../../../../../../../etc/passwd"])
    func hardLinks(_ target: String) throws {
        try Descriptor.workingDirectory.writeFileDurably(tree.scratch("victim"), bytes("safe"))
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.hardLink, "link", link: target) } }
        #expect(!tree.exists("link"))
    }

    @Test("a hard link through a symbolic link stays in the layer")
    func hardLinkThroughLink() throws {
        try Descriptor.workingDirectory.writeFileDurably(tree.scratch("victim"), bytes("safe"))
        #expect(throws: LayerError.self) {
            try tree.unpack {
                $0.add(.symbolicLink, "up", link: "..")
                $0.add(.hardLink, "link", link: "up/victim")
            }
        }
        #expect(try Descriptor.workingDirectory.status(of: tree.scratch("victim")).linkCount == 1)
    }

    @Test("a hard link to a symbolic link is another name of the link, not of its target")
    func hardLinkToLink() throws {
        try tree.unpack {
            $0.add(.symbolicLink, "link", link: "/etc/passwd")
            $0.add(.hardLink, "other", link: "link")
        }
        #expect(try tree.status("other").kind == .symbolicLink)
    }

    @Test("a whiteout of a parent is refused", arguments: [".wh..", ".wh...", ".wh.", "a/.wh..", "a/.wh..."])
    func whiteouts(_ name: String) throws {
        for form in [WhiteoutForm.overlay(userAttributes: true), .applied] {
            #expect(throws: LayerError.self) {
                try tree.unpack(whiteouts: form) {
                    $0.add(.directory, "a")
                    $0.add(.file, name)
                }
            }
        }
        #expect(try tree.outside() == ["layer"])
    }

    @Test("a whiteout below a symbolic link that leads out removes nothing outside")
    func whiteoutThroughLink() throws {
        try Descriptor.workingDirectory.writeFileDurably(tree.scratch("victim"), bytes("safe"))
        try tree.unpack(whiteouts: .applied) {
            $0.add(.symbolicLink, "up", link: "..")
            $0.add(.file, "up/.wh.victim")
            $0.add(.file, "up/.wh..wh..opq")
        }
        #expect(try tree.outside() == ["layer", "victim"])
    }

    @Test("overlayfs's own attributes are not taken from an archive")
    func overlayAttributes() throws {
        try tree.unpack {
            $0.addPax([
                ("SCHILY.xattr.user.overlay.redirect", bytes("/etc")), ("SCHILY.xattr.user.overlay.opaque", bytes("y")),
                ("SCHILY.xattr.trusted.overlay.metacopy", []), ("SCHILY.xattr.user.fine", bytes("yes")),
            ])
            $0.add(.directory, "d")
        }
        let place = try #require(FileName(bytes: Array(tree("d").utf8)))
        let names = try Descriptor.workingDirectory.attributes(of: place).map(\.description)
        #expect(names == ["user.fine"])
    }

    @Test("uid-overflow: an owner past 32 bits is refused, not wrapped round to root")
    func owners() throws {
        for owner in ["4294967296", "4294967295", "-1", "18446744073709551616"] {
            #expect(throws: LayerError.self) {
                try tree.unpack {
                    $0.addPax([("uid", bytes(owner))])
                    $0.add(.file, "file")
                }
            }
        }
    }

    @Test("the layer's root cannot become a file or a link")
    func root() throws {
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.symbolicLink, "./", link: "/") } }
        #expect(throws: LayerError.self) { try tree.unpack { $0.add(.file, "/", content: bytes("x")) } }
        #expect(try Descriptor.workingDirectory.status(of: tree.path).kind == .directory)
    }
}
