import Testing

@testable import CheckpointRestore

@Suite("Requests and responses are those of CRIU's rpc.proto")
struct MessageTests {
    private func fields(_ request: CriuRequest) throws -> [WireField] { try WireField.all(of: request.encoded) }

    private func options(_ change: (inout CriuOptions) -> Void) throws -> [WireField] {
        var options = CriuOptions(imagesDirectory: 7)
        change(&options)
        return try #require(try fields(.dump(options))[number: 2]).fields
    }

    @Test("requests have their number: dump 1, restore 2, pre-dump 4, notification 6, features 9, version 10")
    func kinds() throws {
        let options = CriuOptions(imagesDirectory: 7)
        let requests: [(CriuRequest, Int32)] = [
            (.dump(options), 1), (.restore(options), 2), (.preDump(options), 4), (.notificationAnswer, 6),
            (.check(CriuFeatures(tracksMemory: true)), 9), (.version, 10),
        ]
        for (request, number) in requests { #expect(try fields(request)[number: 1]?.int32 == number) }
        #expect(CriuRequest.version.encoded == [0x08, 0x0a])
        #expect(CriuRequest.notificationAnswer.encoded == [0x08, 0x06, 0x18, 0x01])
    }

    @Test("nothing is written but what was set, beside the images' descriptor")
    func least() throws {
        #expect(try options { _ in }.map(\.number) == [1])
    }

    @Test("switches and numbers have the field that CRIU reads them from")
    func switches() throws {
        let fields = try options {
            ($0.pid, $0.leavesRunning, $0.allowsExternalUnixSockets, $0.keepsEstablishedTCP) = (42, true, true, true)
            ($0.allowsDeviceChanges, $0.isShellJob, $0.handlesFileLocks, $0.logLevel) = (true, true, true, 4)
            ($0.tellsProgress, $0.tracksMemory, $0.removesDuplicates, $0.workDirectory) = (true, true, true, 8)
            ($0.remapsLinks, $0.restoresSibling, $0.emptyNamespaces, $0.skipsTCPInFlight) = (true, true, 1 << 30, true)
            ($0.servesPagesLazily, $0.statusDescriptor, $0.sendsTerminalMaster) = (true, 9, true)
        }
        let expected: [Int: Int32] = [
            1: 7, 2: 42, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 4, 12: 1, 15: 1, 16: 1, 17: 8, 18: 1, 26: 1,
            38: 1 << 30, 46: 1, 48: 1, 49: 9, 50: 1,
        ]
        #expect(fields.count == expected.count)
        for (number, value) in expected { #expect(fields[number: number]?.int32 == value, "field \(number)") }
    }

    @Test("words have the field that CRIU reads them from")
    func words() throws {
        let fields = try options {
            ($0.logFile, $0.root, $0.parentImages, $0.freezerCgroup) = ("log", "/root", "../old", "/freezer")
            ($0.configurationFile, $0.securityProfile, $0.securityMountContext) = ("/conf", "selinux:a", "b")
            $0.externals = ["net[1]:extRootNetNS", "pid[2]:extRootPidNS"]
        }
        let expected = [10: "log", 13: "/root", 14: "../old", 44: "/freezer", 51: "/conf", 53: "selinux:a", 63: "b"]
        for (number, value) in expected { #expect(fields[number: number]?.text == value, "field \(number)") }
        #expect(fields.filter { $0.number == 37 }.map(\.text) == ["net[1]:extRootNetNS", "pid[2]:extRootPidNS"])
    }

    @Test("what has parts is a message in the message")
    func parts() throws {
        let fields = try options {
            $0.pageServer = PageServer(address: "::1", port: 27)
            $0.externalMounts = [ExternalMount(key: "/a", value: "/b"), ExternalMount(key: "/c", value: "/d")]
            $0.cgroupRoots = [CgroupRoot(controller: "", path: "/box")]
            $0.inherited = [InheritedDescriptor(key: "pipe:[1]", number: 2)]
            $0.joinedNamespaces = [JoinedNamespace(kind: "ipc", path: "/proc/1/ns/ipc")]
        }
        func part(_ number: Int) throws -> [WireField] { try #require(fields[number: number]).fields }
        #expect(try part(11)[number: 1]?.text == "::1")
        #expect(try part(11)[number: 2]?.int32 == 27)
        #expect(fields.filter { $0.number == 23 }.count == 2)
        #expect(try part(23)[number: 1]?.text == "/c")
        #expect(try part(23)[number: 2]?.text == "/d")
        #expect(try part(25)[number: 1]?.text == "", "the unified hierarchy's name is empty, not absent")
        #expect(try part(25)[number: 2]?.text == "/box")
        #expect(try part(27)[number: 1]?.text == "pipe:[1]")
        #expect(try part(27)[number: 2]?.int32 == 2)
        #expect(try part(39)[number: 2]?.text == "/proc/1/ns/ipc")
    }

    @Test(
        "the cgroups' mode has CRIU's number",
        arguments: [("ignore", 0), ("soft", 3), ("full", 4), ("strict", 5)] as [(String, Int32)])
    func modes(_ word: String, _ number: Int32) throws {
        let mode = try #require(CgroupsMode(word: word))
        let fields = try options { $0.cgroupsMode = mode }
        #expect(fields[number: 24]?.bool == true)
        #expect(fields[number: 34]?.int32 == number)
        #expect(CgroupsMode(word: "props") == nil)
    }

    @Test("a response that CRIU 3.17.1 gave to the request for its version is understood")
    func version() throws {
        let bytes: [UInt8] = [0x08, 0x0a, 0x10, 0x01, 0x52, 0x06, 0x08, 0x03, 0x10, 0x11, 0x20, 0x01]
        let response = try CriuResponse(bytes)
        #expect(response.kind == .version)
        #expect(response.hasSucceeded)
        #expect(response.version == CriuVersion(3, 17, 1))
        #expect(response.version?.description == "3.17.1")
    }

    @Test("versions are ordered, and what was built between two releases counts as the later one")
    func order() throws {
        #expect(CriuVersion(3, 9) < CriuVersion(3, 10))
        #expect(CriuVersion(3, 17) < CriuVersion(3, 17, 1))
        #expect(CriuVersion(3, 17, 1) < CriuVersion(4, 0))
        let unreleased: [UInt8] = [0x08, 3, 0x10, 16, 0x1a, 2, 0x76, 0x33, 0x20, 1]
        let response = try CriuResponse([0x08, 10, 0x10, 1, 0x52, UInt8(unreleased.count)] + unreleased)
        #expect(response.version == CriuVersion(3, 17))
    }

    @Test("a notification names its moment and the first process")
    func notification() throws {
        let notify: [UInt8] = [0x0a, 12] + Array("post-restore".utf8) + [0x10, 0xd2, 0x09]
        let response = try CriuResponse([0x08, 6, 0x10, 1, 0x2a, UInt8(notify.count)] + notify)
        #expect(response.kind == .notify)
        #expect(response.notification?.moment == .postRestore)
        #expect(response.notification?.pid == 1234)
    }

    @Test("a refusal has an errno and words")
    func refusal() throws {
        let response = try CriuResponse([0x08, 1, 0x10, 0, 0x38, 22, 0x4a, 3, 0x77, 0x68, 0x79])
        #expect(!response.hasSucceeded)
        #expect(response.errorNumber == 22)
        #expect(response.errorMessage == "why")
    }

    @Test("a feature that is asked for and not answered is lacking")
    func features() throws {
        let response = try CriuResponse([0x08, 9, 0x10, 1, 0x42, 4, 0x08, 1, 0x10, 0])
        let features = try #require(response.features)
        #expect(features.lacking(CriuFeatures(tracksMemory: true)).isEmpty)
        #expect(features.lacking(CriuFeatures(tracksMemory: true, servesPagesLazily: true)) == ["LazyPages"])
        #expect(CriuFeatures().lacking(CriuFeatures(tracksMemory: true)) == ["MemTrack"])
    }

    @Test("of a log errors are shown with the lines before them, their numbers, and gaps")
    func log() {
        let lines = (1...20).map { [8, 18].contains($0) ? "Error (x.c:\($0)): no" : "line \($0)" }
        let excerpt = CriuLog.excerpt(lines.joined(separator: "\n"))
        #expect(excerpt.first == "3:line 3")
        #expect(excerpt.firstIndex(of: "...") == 6)
        #expect(excerpt.last == "18:Error (x.c:18): no")
        #expect(excerpt.count == 13)
        #expect(CriuLog.excerpt("all is well\n").isEmpty)
    }
}
