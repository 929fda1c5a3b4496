import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@testable import Engine

@Suite("Who a process in a container is")
struct UserTests {
    private let users = UserDatabase(
        passwd: """
            root:x:0:0:root:/root:/bin/sh
            bob:x:1000:1001:Bob:/home/bob:/bin/sh
            this line is broken
            big:x:4294967296:0::/:/bin/sh
            """,
        group: "root:x:0:\nbob:x:1001:\nwheel:x:10:alice,bob\naudio:x:29:bob\nbroken\n")

    private func kind(_ text: String) -> ProtocolFailure.Kind? {
        do { _ = try users.resolve(text) } catch { return error.kind }
        return nil
    }

    @Test("nobody named is root")
    func root() throws { #expect(try users.resolve("") == User(uid: 0, gid: 0, additionalGids: [0])) }

    @Test("a name brings its group and those that list it")
    func name() throws {
        #expect(try users.resolve("bob") == User(uid: 1000, gid: 1001, additionalGids: [1001, 10, 29]))
    }

    @Test("a number that is somebody's brings the same; one that is nobody's has group 0")
    func numbers() throws {
        #expect(try users.resolve("1000").additionalGids == [1001, 10, 29])
        #expect(try users.resolve("4000") == User(uid: 4000, gid: 0, additionalGids: [0]))
    }

    @Test("a group that is named is the only one")
    func group() throws {
        #expect(try users.resolve("bob:wheel") == User(uid: 1000, gid: 10, additionalGids: [10]))
        #expect(try users.resolve("bob:77").gid == 77)
    }

    @Test("names that nobody knows are refused")
    func unknown() {
        #expect(kind("alice") == .invalidArgument)
        #expect(kind("bob:nogroup") == .invalidArgument)
    }

    @Test(
        "uid-overflow: numbers past 31 bits never become another user",
        arguments: ["4294967296", "4294967296:0", "2147483648", "-1", "0:4294967296", "99999999999999999999999"])
    func overflow(_ text: String) { #expect(kind(text) == .invalidArgument) }

    @Test("passwd and group are read inside the root filesystem, whatever links lead out of it")
    func links() throws {
        let root = "/tmp/wherry-users-\(ThisProcess.pid)"
        let here = Descriptor.workingDirectory
        try here.makeDirectories(root + "/etc", mode: 0o755)
        defer { try? here.removeTree(root) }
        try here.makeSymbolicLink(root + "/etc/passwd", to: "../../../../../../etc/passwd")
        try here.makeSymbolicLink(root + "/etc/group", to: "/proc/self/root/etc/group")
        let rootfs = try here.open(root, [.directory])
        let users = try UserDatabase(below: rootfs.descriptor)
        // The host's own database would know this name.
        #expect(throws: ProtocolFailure.self) { _ = try users.resolve("daemon") }
    }
}
