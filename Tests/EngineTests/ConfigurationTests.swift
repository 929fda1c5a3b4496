import ImageSpec
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@testable import Engine

@Suite("The runtime configuration of a container")
struct ConfigurationTests {
    private func make(user: User = User(uid: 0, gid: 0), _ change: (inout ContainerSpecification) -> Void = { _ in })
        throws -> RuntimeConfiguration
    {
        try configuration(Surroundings(user: user), change)
    }

    @Test("root has docker's fourteen capabilities, and none is inheritable or ambient")
    func capabilities() throws {
        let sets = try #require(make().process?.capabilities)
        #expect(sets.bounding?.count == 14)
        #expect(sets.effective == sets.bounding)
        #expect(sets.permitted == sets.bounding)
        #expect(sets.inheritable?.isEmpty == true)
        #expect(sets.ambient?.isEmpty == true)
    }

    @Test("another user has the same bounding set and nothing in force")
    func otherUser() throws {
        let sets = try #require(make(user: User(uid: 1000, gid: 1000)).process?.capabilities)
        #expect(sets.bounding?.count == 14)
        #expect(sets.effective?.isEmpty == true)
        #expect(sets.permitted?.isEmpty == true)
    }

    @Test("the host's network is that of no namespace")
    func network() throws {
        let isolated = try #require(make().linux?.namespaces?.map(\.type))
        let shared = try #require(make { $0.network = .host }.linux?.namespaces?.map(\.type))
        #expect(isolated.contains(.network))
        #expect(!shared.contains(.network))
        #expect(try make { $0.network = .host }.linux?.sysctl == nil)
    }

    @Test("all devices are denied before some are allowed")
    func devices() throws {
        let rules = try #require(make().linux?.resources?.devices)
        #expect(rules.first?.allow == false)
        #expect(rules.first?.type == nil)
        #expect(!rules.dropFirst().contains { !$0.allow })
    }
}

@Suite("volume-copy-up: filling a volume from a hostile image")
struct CopyUpTests {
    private let here = Descriptor.workingDirectory

    @Test("links that lead out of the image are neither followed nor resolved")
    func links() throws {
        let base = "/tmp/wherry-copy-\(ThisProcess.pid)-\(UInt64.random(in: 0 ... .max))"
        defer { try? here.removeTree(base) }
        for directory in ["/host", "/rootfs/data/sub", "/volume", "/volume2", "/volume3"] {
            try here.makeDirectories(base + directory, mode: 0o755)
        }
        try here.writeFileDurably(base + "/host/secret", Array("secret".utf8))
        try here.writeFileDurably(base + "/rootfs/data/sub/file", Array("mine".utf8), mode: 0o640)
        try here.makeSymbolicLink(base + "/rootfs/data/out", to: base + "/host")
        try here.makeSymbolicLink(base + "/rootfs/escape", to: "../../../../../../../.." + base + "/host")
        try here.makeSymbolicLink(base + "/rootfs/inside", to: "/data/sub")
        let root = try here.open(base + "/rootfs", [.directory])

        try copyUp("/data", of: root.descriptor, into: base + "/volume")
        #expect(try here.readFile(base + "/volume/sub/file") == Array("mine".utf8))
        #expect(try here.status(of: base + "/volume/sub/file").mode == 0o640)
        #expect(try here.readSymbolicLink(base + "/volume/out") == base + "/host")

        try copyUp("/escape", of: root.descriptor, into: base + "/volume2")
        #expect(try here.entries(of: base + "/volume2").isEmpty)

        try copyUp("/inside", of: root.descriptor, into: base + "/volume3")
        #expect(try here.entries(of: base + "/volume3").map(\.name) == ["file"])
    }

    @Test("a volume that holds something is left as it is, and a place that is not there gives nothing")
    func untouched() throws {
        let base = "/tmp/wherry-copy-\(ThisProcess.pid)-\(UInt64.random(in: 0 ... .max))"
        defer { try? here.removeTree(base) }
        for directory in ["/rootfs/data", "/volume", "/empty"] { try here.makeDirectories(base + directory) }
        try here.writeFileDurably(base + "/rootfs/data/new", [1])
        try here.writeFileDurably(base + "/volume/old", [1])
        let root = try here.open(base + "/rootfs", [.directory])
        try copyUp("/data", of: root.descriptor, into: base + "/volume")
        #expect(try here.entries(of: base + "/volume").map(\.name) == ["old"])
        try copyUp("/nowhere", of: root.descriptor, into: base + "/empty")
        #expect(try here.entries(of: base + "/empty").isEmpty)
    }
}
