import Harness
import Layers
import LinuxKernel
import Testing

@Suite("layer.md, what only root can unpack")
struct PrivilegedLayers {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A tree with all that a layer may hold, packed by GNU tar and unpacked by us.
    private func unpacked(_ whiteouts: WhiteoutForm) throws -> String {
        let root = try scratch.directory("root")
        let script = """
            cd \(root) && echo su > su && chown 12:34 su && chmod 6755 su && mknod null c 1 3 && chmod 666 null
            mknod disk b 7 200 && mkfifo fifo && chown -h 5:6 fifo && ln -s nowhere link && chown -h 7:8 link
            cp su capable && setcap cap_net_raw+ep capable && mkdir owned && chown 9:10 owned && chmod 2750 owned
            mkdir opaque && touch opaque/.wh..wh..opq .wh.gone
            """
        try Command("sh", ["-ec", script]).succeed()
        let options = ["--xattrs", "--xattrs-include=*", "--numeric-owner", "-czf", scratch("layer.tgz")]
        try Command("tar", ["-C", root] + options + ["."]).succeed()
        let target = try scratch.directory("layer")
        let archive = try Descriptor.workingDirectory.open(scratch("layer.tgz"))
        let directory = try Descriptor.workingDirectory.open(target, [.directory])
        _ = try LayerUnpacker(whiteouts: whiteouts).unpack(from: archive.descriptor, into: directory.descriptor)
        return target
    }

    @Test("owners, devices, capabilities and set-user-ID are what the archive says")
    func metadata() throws {
        let layer = try unpacked(.overlay(userAttributes: false))
        func status(_ name: String) throws -> FileStatus {
            try Descriptor.workingDirectory.status(of: "\(layer)/\(name)", followingLinks: false)
        }
        let su = try status("su")
        #expect(su.owner == 12 && su.group == 34 && su.mode == 0o6755)
        let null = try status("null")
        #expect(null.kind == .characterDevice && null.deviceMajor == 1 && null.deviceMinor == 3 && null.mode == 0o666)
        #expect(try status("disk").deviceMinor == 200)
        #expect(try status("fifo").owner == 5)
        #expect(try status("link").owner == 7 && status("link").kind == .symbolicLink)
        #expect(try status("owned").mode == 0o2750 && status("owned").group == 10)
        #expect(try Command("getcap", ["\(layer)/capable"]).succeed().contains("cap_net_raw=ep"))
    }

    @Test("whiteouts are overlayfs's, with trusted attributes")
    func whiteouts() throws {
        let layer = try unpacked(.overlay(userAttributes: false))
        let gone = try Descriptor.workingDirectory.status(of: "\(layer)/gone")
        #expect(gone.kind == .characterDevice && gone.deviceMajor == 0 && gone.deviceMinor == 0)
        let name = try #require(FileName(bytes: Array("trusted.overlay.opaque".utf8)))
        let opaque = try #require(FileName(bytes: Array("\(layer)/opaque".utf8)))
        #expect(try Descriptor.workingDirectory.attribute(name, of: opaque) == Array("y".utf8))
        #expect(Files.names(in: "\(layer)/opaque") == [])
    }
}
