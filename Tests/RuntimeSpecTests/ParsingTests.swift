import FoundationEssentials
import LinuxKernel
import RuntimeSpec
import Testing

/// What reading `json` as a configuration complains of; nil if it does not.
func complaint(_ json: String) -> String? {
    do throws(RuntimeSpecError) {
        _ = try RuntimeConfiguration(parsing: Array(json.utf8))
        return nil
    } catch { return error.description }
}

@Suite("A document that is wrong is refused by the member's name")
struct ParsingTests {
    @Test(
        "a member of the wrong type is named, with what was expected",
        arguments: [
            (
                #"{"ociVersion":"1.0.0","process":{"cwd":"/","user":{},"args":"sh"}}"#,
                "process.args: expected an array of strings, got a string"
            ),
            (
                #"{"ociVersion":"1.0.0","process":{"cwd":"/","user":{},"args":["sh",3]}}"#,
                "process.args[1]: expected a string, got a number"
            ),
            (
                #"{"ociVersion":"1.0.0","mounts":[{"destination":"/a"},{"destination":7}]}"#,
                "mounts[1].destination: expected a string, got a number"
            ),
            (
                #"{"ociVersion":"1.0.0","linux":{"sysctl":{"net.x":1}}}"#,
                "linux.sysctl.net.x: expected a string, got a number"
            ),
            (#"{"ociVersion":"1.0.0","root":[]}"#, "root: expected an object, got an array"),
            (
                #"{"ociVersion":"1.0.0","root":{"path":"r","readonly":"yes"}}"#,
                "root.readonly: expected true or false, got a string"
            ),
            (#"[]"#, "the document: expected an object, got an array"),
        ])
    func wrongType(json: String, expected: String) {
        #expect(complaint(json) == expected)
    }

    @Test("a required member that is missing is named")
    func missing() {
        #expect(complaint("{}") == "ociVersion: is missing")
        #expect(complaint(#"{"ociVersion":"1.0.0","root":{}}"#) == "root.path: is missing")
    }

    @Test("a number past its range is an error, and never another number (uid-overflow)")
    func overflow() {
        for uid in ["4294967296", "-1", "1.5", "1e3", "99999999999999999999"] {
            let json = #"{"ociVersion":"1.0.0","process":{"cwd":"/","user":{"uid":\#(uid),"gid":0}}}"#
            #expect(complaint(json) == "process.user.uid: \(uid) is not a whole number from 0 to 4294967295")
        }
    }

    @Test("a word that the specification does not list is answered with those that it does")
    func words() {
        let text = complaint(#"{"ociVersion":"1.0.0","linux":{"namespaces":[{"type":"pod"}]}}"#)
        #expect(text?.hasPrefix("linux.namespaces[0].type: \"pod\" is not one of pid, network") == true)
    }

    @Test("broken text is named by line and column")
    func broken() {
        #expect(
            complaint("{\n  \"a\": 1,\n}") == "not valid JSON: line 3, column 1: expected a member's name in quotes")
        #expect(complaint("") == "not valid JSON: line 1, column 1: the document ends here")
        #expect(complaint("{} x")?.contains("unexpected text behind the value") == true)
        #expect(complaint("{\"a\": \"x")?.contains("a string has no end") == true)
        #expect(complaint("{\"a\": tru}")?.contains("expected a value") == true)
        #expect(complaint("{\"a\": \"\\ud800\"}")?.contains("half a character") == true)
    }

    @Test("NUL, which would end a path early, is refused wherever it stands (hostile-config)")
    func nul() {
        #expect(complaint(#"{"ociVersion":"1.0.0","root":{"path":"a\u0000b"}}"#)?.contains("NUL") == true)
        #expect(complaint("{\"ociVersion\":\"1.0.0\u{0}\"}")?.contains("control character") == true)
    }

    @Test("nesting without end is refused before it exhausts the stack (hostile-config)")
    func deep() {
        let json = String(repeating: "[", count: 100_000)
        #expect(complaint(json)?.contains("nested deeper than 512") == true)
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(complaint(objects)?.contains("nested deeper than 512") == true)
    }

    @Test("a document of endless size is refused (hostile-config)")
    func large() {
        let bytes = [UInt8](repeating: 0x20, count: maximumDocumentSize + 1)
        #expect(throws: RuntimeSpecError.self) { try RuntimeConfiguration(parsing: bytes) }
    }
}

@Suite("A document that is right is read as Go reads it")
struct ReadingTests {
    @Test("members that the specification does not know are ignored")
    func unknown() throws {
        let json = #"{"ociVersion":"1.0.0","x-other":{"a":[1,2.5,null]},"process":{"cwd":"/","user":{},"y":1}}"#
        let configuration = try RuntimeConfiguration(parsing: Array(json.utf8))
        #expect(configuration.process?.cwd == "/")
    }

    @Test("null is the same as absent, and of members that stand twice the last counts")
    func nullAndTwice() throws {
        let json = #"{"ociVersion":"1.0.0","hostname":"a","mounts":null,"hostname":"b"}"#
        let configuration = try RuntimeConfiguration(parsing: Array(json.utf8))
        #expect(configuration.mounts == nil)
        #expect(configuration.hostname == "b")
    }

    @Test("escapes are the characters that they stand for")
    func escapes() throws {
        let json = #"{"ociVersion":"\u0031\/\n\ud83d\ude00\"é"}"#
        #expect(try RuntimeConfiguration(parsing: Array(json.utf8)).ociVersion == "1/\n😀\"é")
    }

    @Test("every member is read, and written again")
    func everyMember() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let fixture = "/\(root)/spec-fixtures/runtime-spec/config-every-member.json"
        let bytes = try Descriptor.workingDirectory.readFile(fixture)
        let configuration = try RuntimeConfiguration(parsing: bytes)
        #expect(unset(in: configuration, "") == [])
        #expect(try RuntimeConfiguration(parsing: configuration.document()) == configuration)
    }

    /// The members that are nil, here and below.
    private func unset(in value: Any, _ place: String) -> [String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty { return [place] }
        return mirror.children.flatMap { unset(in: $0.value, place + "." + ($0.label ?? "")) }
    }

    @Test("a decoder of others gives what the document's own reader gives")
    func otherDecoders() throws {
        struct Request: Codable { let process: Process }
        let process = Process(
            user: User(uid: 5, gid: 6), args: ["a"], cwd: "/",
            rlimits: [
                ResourceLimit(type: "RLIMIT_CPU", hard: .max, soft: 0)
            ])
        let data = try JSONEncoder().encode(Request(process: process))
        #expect(try JSONDecoder().decode(Request.self, from: data).process == process)
    }

    @Test("what is written is what is read")
    func roundTrip() throws {
        var configuration = RuntimeConfiguration(ociVersion: specificationVersion)
        configuration.root = Root(path: "rootfs", readonly: true)
        configuration.process = Process(user: User(uid: 5, gid: 6, umask: 0o77), args: ["a", "\u{1}\n\"\\"], cwd: "/")
        configuration.linux = Linux(
            resources: Resources(
                memory: MemoryResources(limit: -1), cpu: CPUResources(shares: .max), unified: ["memory.high": "1"]),
            namespaces: [Namespace(type: .time), Namespace(type: .user, path: "/proc/1/ns/user")],
            seccomp: Seccomp(
                defaultAction: .errno,
                syscalls: [
                    SeccompRule(
                        names: ["read"], action: .allow,
                        args: [SeccompArgument(index: 1, value: .max, op: .maskedEqual)])
                ]),
            timeOffsets: ["boottime": TimeOffset(secs: -5, nanosecs: 1)])
        #expect(try RuntimeConfiguration(parsing: configuration.document()) == configuration)
        #expect(try RuntimeConfiguration(parsing: configuration.document(indented: true)) == configuration)
    }
}
