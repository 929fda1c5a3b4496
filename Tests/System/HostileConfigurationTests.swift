import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Rows of ATTACKS.md, "Runtime", about what a runtime reads: whoever writes `config.json` may mean it ill.
@Suite("A runtime survives its configuration", .leavesNothingBehind)
struct HostileConfigurationTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func bundle(_ script: String = "true", _ configure: (inout RuntimeConfiguration) -> Void = { _ in }) throws
        -> Bundle
    {
        try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
    }

    private func run(_ bundle: Bundle) throws -> Outcome { try Container(bundle, in: scratch, by: .wherry).run() }

    /// Refused in one line, of bounded length, by a runtime that may use no more than 300 MB of address space and 5 s of
    /// CPU time.
    private func expectRefusal(of bundle: Bundle, naming words: [String] = []) throws {
        let container = try Container(bundle, in: scratch, by: .wherry)
        let run = container.command("run", ["--bundle", bundle.path, container.id])
        let outcome = try Command("prlimit", ["--as=300000000", "--cpu=5", run.program] + run.arguments).run()
        let start = String(outcome.errors.prefix(500))
        #expect(outcome.status == 1, "\(outcome.status): \(start)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(start)")
        #expect(outcome.errors.utf8.count < 20_000, "\(outcome.errors.utf8.count) bytes")
        for word in words { #expect(outcome.errors.contains(word), "\(word): \(start)") }
    }

    @Test("hostile-config: a configuration of 1 GiB is refused without being read")
    func huge() throws {
        let bundle = try bundle()
        try Command("truncate", ["--size", "1G", bundle.path + "/config.json"]).succeed()
        try expectRefusal(of: bundle, naming: ["config.json"])
    }

    @Test(
        "hostile-config: 100,000 levels are refused, also where nobody would look",
        arguments: [
            ("[", ""), (#"{"a":"#, ""), (#"{"ociVersion":"1.0.0","unknown":"#, "["),
            (#"{"annotations":{"k":"#, "{\"a\":"),
        ])
    func deep(_ start: String, _ level: String) throws {
        let bundle = try bundle()
        try bundle.write(json: start + String(repeating: level.isEmpty ? start : level, count: 100_000))
        try expectRefusal(of: bundle, naming: ["config.json"])
    }

    @Test(
        "hostile-config: as many elements as a document can hold are answered, in a message of bounded length",
        arguments: [
            (#""annotations":{"#, #""k#":"""#, "}"), (#""mounts":["#, #"{"destination":"/a#"}"#, "]"),
            (#""linux":{"sysctl":{"#, #""net.k#":"""#, "}}"),
            (#""linux":{"namespaces":["#, #"{"type":"pid","path":"/a#"}"#, "]}"),
        ])
    func many(_ start: String, element: String, end: String) throws {
        let parts = element.split(separator: "#", omittingEmptySubsequences: false)
        let elements = (0..<200_000).map { "\(parts[0])\($0)\(parts[1])" }.joined(separator: ",")
        let bundle = try bundle()
        try bundle.write(json: #"{"ociVersion":"1.0.0","root":{"path":"no"},"# + start + elements + end + "}")
        try expectRefusal(of: bundle)
    }

    private static let process = #""args":["true"],"cwd":"/""#

    @Test(
        "hostile-config: a NUL byte, which would cut a path short for the kernel, is refused wherever it stands",
        arguments: [
            #""root":{"path":"root%fs"}"#, #""process":{"args":["true"],"cwd":"/%x"}"#,
            #""process":{"args":["true%x"],"cwd":"/"}"#, #""process":{"args":["true"],"cwd":"/","env":["A=b%c"]}"#,
            #""mounts":[{"destination":"/a%b","type":"tmpfs","source":"x"}]"#,
            #""mounts":[{"destination":"/a","type":"bind","source":"/etc%b","options":["bind"]}]"#,
            #""hostname":"a%b""#, #""linux":{"maskedPaths":["/proc%x"]}"#, #""linux":{"cgroupsPath":"/a%b"}"#,
            #""linux":{"devices":[{"path":"/dev/a%b","type":"c","major":1,"minor":3}]}"#,
            #""hooks":{"prestart":[{"path":"/bin/true%x"}]}"#, #""annotations":{"a%b":"c"}"#,
        ])
    func nul(_ json: String) throws {
        for nothing in ["\\u0000", "\0"] {
            let parts = json.split(separator: "%", omittingEmptySubsequences: false)
            try refuse(parts.joined(separator: nothing), naming: "config.json", "column")
        }
    }

    @Test(
        "hostile-config: a number that is out of range is refused by the member's name",
        arguments: [
            ("process.oomScoreAdj", #""process":{%,"oomScoreAdj":1e400}"#),
            ("process.oomScoreAdj", #""process":{%,"oomScoreAdj":4294967297}"#),
            ("process.user.umask", #""process":{%,"user":{"uid":0,"gid":0,"umask":-1}}"#),
            ("process.user.additionalGids", #""process":{%,"user":{"uid":0,"gid":0,"additionalGids":[4294967296]}}"#),
            ("process.rlimits", #""process":{%,"rlimits":[{"type":"RLIMIT_NOFILE","soft":-1,"hard":9}]}"#),
            (
                "process.rlimits",
                #""process":{%,"rlimits":[{"type":"RLIMIT_NOFILE","soft":18446744073709551616,"hard":9}]}"#
            ),
            ("linux.uidMappings", #""linux":{"uidMappings":[{"containerID":0,"hostID":4294967296,"size":1}]}"#),
            ("linux.resources.memory.limit", #""linux":{"resources":{"memory":{"limit":99999999999999999999}}}"#),
            ("linux.resources.pids.limit", #""linux":{"resources":{"pids":{"limit":1.5}}}"#),
            ("linux.resources.cpu.shares", #""linux":{"resources":{"cpu":{"shares":-1}}}"#),
            ("linux.devices", #""linux":{"devices":[{"path":"/dev/a","type":"c","major":-5,"minor":99999999999}]}"#),
            ("hooks.prestart", #""hooks":{"prestart":[{"path":"/bin/true","timeout":99999999999999999999}]}"#),
        ])
    func numbers(_ member: String, _ json: String) throws {
        try refuse(
            json.split(separator: "%", omittingEmptySubsequences: false).joined(separator: Self.process), naming: member
        )
    }

    /// A configuration that would be carried out but for `json`.
    private func refuse(_ json: String, naming words: String...) throws {
        let bundle = try bundle()
        var rest = [#""ociVersion":"1.0.2""#, json]
        for (name, usual) in [("root", #"{"path":"rootfs"}"#), ("process", "{\(Self.process)}")]
        where !json.hasPrefix("\"\(name)\"") {
            rest.append("\"\(name)\":\(usual)")
        }
        try bundle.write(json: "{" + rest.joined(separator: ",") + "}")
        try expectRefusal(of: bundle, naming: words)
    }

    @Test("hostile-config: of a member that stands twice the last counts, for the checks as for the deeds")
    func duplicates() throws {
        let bundle = try bundle("id -u")
        let text = try Files.read(bundle.path + "/config.json")
        let start = try #require(text.firstIndex(of: "{"))
        let harmless = #""process":{"args":["true"],"cwd":"/","user":{"uid":1,"gid":1}},"#
        try bundle.write(json: "{" + harmless + text[text.index(after: start)...])
        #expect(try run(bundle).output == "0\n")
    }

    @Test("length-overflow: an argument and a variable longer than 64 KiB arrive whole, a directory is refused")
    func lengths() throws {
        let long = String(repeating: "x", count: 70_000)
        let bundle = try bundle("echo ${#0} ${#LONG}") {
            $0.process?.args?.append(long)
            $0.process?.env?.append("LONG=\(long)")
        }
        #expect(try run(bundle).output == "70000 70000\n")
        try bundle.change { $0.process?.cwd = "/" + long }
        try expectRefusal(of: bundle, naming: ["process.cwd"])
    }

    @Test("length-overflow: a failure that is longer than a message between processes is told, cut, as what it is")
    func longFailure() throws {
        let bundle = try bundle { $0.process?.args = ["/" + String(repeating: "x", count: 100_000)] }
        let outcome = try run(bundle)
        #expect(outcome.status == 1, "\(outcome.status)")
        #expect(outcome.errors.contains("exec: ") && outcome.errors.contains("/xxx"), "\(outcome.errors.prefix(300))")
        #expect(outcome.errors.utf8.count < 20_000 && outcome.errors.split(separator: "\n").count == 1)
    }
}
