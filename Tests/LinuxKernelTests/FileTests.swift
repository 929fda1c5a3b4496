import LinuxKernel
import Testing

@Suite("Files are named below descriptors")
struct FileTests {
    @Test("a file written durably is there whole, without its temporary twin")
    func durableWrite() throws {
        try withScratchDirectory { directory in
            try directory.writeFileDurably("state.json", Array("one".utf8))
            try directory.writeFileDurably("state.json", Array("two".utf8))
            #expect(try directory.readFile("state.json") == Array("two".utf8))
            #expect(try directory.entries().map(\.name) == ["state.json"])
            #expect(try directory.status(of: "state.json").mode == 0o600)
        }
    }

    @Test("a directory that is made with the ones above it may be there already")
    func directories() throws {
        try withScratchDirectory { directory in
            try directory.makeDirectories("a/b/c")
            try directory.makeDirectories("a/b/c")
            #expect(try directory.status(of: "a/b/c").kind == .directory)
        }
    }

    @Test("a tree is removed without following the links in it")
    func removeTree() throws {
        try withScratchDirectory { directory in
            try directory.makeDirectories("kept")
            try directory.writeFileDurably("kept/file", [])
            try directory.makeDirectories("gone/below")
            try directory.makeSymbolicLink("gone/below/link", to: "../../kept")
            try directory.removeTree("gone")
            try directory.removeTree("never-was")
            #expect(try directory.entries(of: "kept").map(\.name) == ["file"])
            #expect(try !directory.exists("gone"))
        }
    }

    @Test("a path resolved in a root never leaves it")
    func resolution() throws {
        try withScratchDirectory { directory in
            try directory.makeDirectories("root/etc")
            try directory.writeFileDurably("secret", Array("host".utf8))
            try directory.makeSymbolicLink("root/etc/link", to: "../../secret")
            let root = try directory.open("root", [.path, .directory])
            #expect(throws: SystemError.self) {
                _ = try root.descriptor.open("etc/link", .readOnly, resolving: [.inRoot, .noMagicLinks]).number
            }
        }
    }

    @Test("an error names the call, the file and the reason")
    func errors() {
        do {
            _ = try Descriptor.workingDirectory.open("/no/such/file").number
            Issue.record("it opened")
        } catch {
            #expect("\(error)" == "open /no/such/file: no such file or directory")
        }
    }
}

/// Calls `body` with a directory of its own, which is removed afterwards.
private func withScratchDirectory(_ body: (Descriptor) throws -> Void) throws {
    let name = "/tmp/wherry-test-\(ThisProcess.pid)-\(monotonicTime())"
    try Descriptor.workingDirectory.makeDirectory(name, mode: 0o700)
    defer { try? Descriptor.workingDirectory.removeTree(name) }
    let directory = try Descriptor.workingDirectory.open(name, [.directory])
    try body(directory.descriptor)
}

@Suite("Paths are taken apart at bytes, as the kernel does")
struct PieceTests {
    @Test("a separator counts whatever follows it, a combining accent too")
    func accents() {
        #expect("/a/\u{301}b//c/".pieces(at: "/") == ["a", "\u{301}b", "c"])
        #expect("/a//".pieces(at: "/", omittingEmpty: false) == ["", "a", "", ""])
        #expect("".pieces(at: "/") == [])
    }
}
