import LineProtocol
import LinuxKernel
import Testing

@testable import ClientCommands

@Suite("options are read as docker reads them")
struct OptionTests {
    private func mount(_ text: String) throws -> ContainerSpecification.Mount {
        try VolumeArgument(text, directory: "/home/me").mount
    }

    @Test("-v takes host paths, names, and a path alone")
    func volumes() throws {
        #expect(try mount("/a:/b") == .init(kind: .bind, source: "/a", target: "/b"))
        #expect(try mount("./x/../y:/b:ro") == .init(kind: .bind, source: "/home/me/y", target: "/b", readOnly: true))
        #expect(try mount("..:/b") == .init(kind: .bind, source: "/home", target: "/b"))
        #expect(try mount("data:/b") == .init(kind: .volume, source: "data", target: "/b"))
        #expect(
            try mount("data:/b:ro,nocopy")
                == .init(kind: .volume, source: "data", target: "/b", readOnly: true, noCopy: true))
        #expect(try mount("/b") == .init(kind: .volume, source: nil, target: "/b"))
        #expect(try mount("/a:/b:rw,rshared").propagation == "rshared")
        #expect(try VolumeArgument("/a:/b:z", directory: "/").relabels)
    }

    @Test(
        "-v refuses what it does not understand, naming it",
        arguments: [
            "", ":/b", "/a:b", "/a:/", "/a:/b:frob", "/a:/b:nocopy", "x/y:/b", "data:/b:rshared", "a:/b", "/a:/b:ro:rw",
            "~/x:/b",
        ])
    func badVolumes(text: String) {
        let error = #expect(throws: (any Error).self) { try mount(text) }
        #expect("\(String(describing: error))".contains("invalid volume \(text)"))
    }

    @Test("--mount takes keys in any order")
    func mounts() throws {
        #expect(
            try MountArgument.parse("target=/b,src=x,type=bind,readonly", directory: "/home")
                == .init(kind: .bind, source: "/home/x", target: "/b", readOnly: true))
        #expect(try MountArgument.parse("dst=/b", directory: "/") == .init(kind: .volume, source: nil, target: "/b"))
        #expect(throws: (any Error).self) { try MountArgument.parse("type=tmpfs,dst=/b", directory: "/") }
        #expect(throws: (any Error).self) { try MountArgument.parse("type=bind,dst=/b", directory: "/") }
    }

    @Test(
        "sizes are powers of 1024, as docker reads them",
        arguments: [
            ("512", 512), ("512b", 512), ("1k", 1024), ("1.5K", 1536), ("64m", 64 << 20), ("64MB", 64 << 20),
            ("2GiB", 2 << 30), ("1 g", 1 << 30), ("0", 0), ("1t", 1 << 40), ("1p", 1 << 50),
        ] as [(String, Int64)])
    func sizes(text: String, bytes: Int64) throws { #expect(try ByteCount.parse(text, "--memory") == bytes) }

    @Test("what is no size is refused", arguments: ["", "m", "-1", "1x", "1mm", "1.2.3", "1bb", "9999999999999p"])
    func badSizes(text: String) {
        let error = #expect(throws: (any Error).self) { try ByteCount.parse(text, "--memory") }
        #expect("\(String(describing: error))".contains("'\(text)'"))
    }

    @Test("processors are exact to a billionth")
    func processors() throws {
        #expect(try ProcessorCount.parse("1.5") == 1_500_000_000)
        #expect(try ProcessorCount.parse(".000000001") == 1)
        #expect(try ProcessorCount.parse("2") == 2_000_000_000)
        for text in ["", ".", "-1", "1e3", "1.0000000001", "99999999999"] {
            #expect(throws: (any Error).self) { try ProcessorCount.parse(text) }
        }
    }

    @Test("--device is a path, a second one, and letters of rwm in either place")
    func devices() throws {
        func parse(_ text: String) throws -> [String] {
            let device = try DeviceArgument.parse(text)
            return [device.source, device.target, device.access]
        }
        #expect(try parse("/a") == ["/a", "/a", "rwm"])
        #expect(try parse("/a:/b") == ["/a", "/b", "rwm"])
        #expect(try parse("/a:r") == ["/a", "/a", "r"])
        #expect(try parse("/a:/b:wm") == ["/a", "/b", "wm"])
        for text in ["", "a", ":/b", "/a:/b:x", "/a:/b:r:w", "/a:/b:rr", "vendor.com/class=name"] {
            #expect(throws: (any Error).self) { try parse(text) }
        }
    }

    @Test("--ulimit is a name and one number or two")
    func limits() throws {
        #expect(try LimitArgument.parse("nofile=1:2") == ProcessLimit(name: "nofile", soft: 1, hard: 2))
        #expect(try LimitArgument.parse("core=-1") == ProcessLimit(name: "core", soft: -1, hard: -1))
        for text in ["nofile", "=1", "nofile=", "nofile=a", "nofile=1:2:3", "nofile=1:"] {
            #expect(throws: (any Error).self) { try LimitArgument.parse(text) }
        }
    }

    @Test("--env-file has a variable a line, comments, and names that take the client's value")
    func envFile() throws {
        let environment = Environment(["HOME=/root"])
        #expect(
            try VariableArguments.parse(
                file: "# no\n\nA=1 2 # kept\n  B=\nHOME\nUNSET\nQ=\"x\"\r\n", named: "f", environment)
                == ["A=1 2 # kept", "B=", "HOME=/root", "Q=\"x\""])
        #expect(throws: (any Error).self) { try VariableArguments.parse(file: "A B=1", named: "f", environment) }
        #expect(throws: (any Error).self) { try VariableArguments.parse(file: "=1", named: "f", environment) }
    }

    @Test(
        "moments are dates, seconds, or how long ago",
        arguments: [
            ("1h30m", 0), ("1700000000.5", 1_700_000_000_500_000_000),
            ("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000),
            ("2023-11-14T23:13:20+01:00", 1_700_000_000_000_000_000),
            ("2023-11-14T22:13:20", 1_700_000_000_000_000_000), ("2023-11-14T22:13", 1_699_999_980_000_000_000),
            ("2023-11-14", 1_699_920_000_000_000_000), ("0", 0),
        ])
    func moments(text: String, nanoseconds: UInt64) throws {
        #expect(
            try MomentArgument.parse(text, now: Timestamp(nanoseconds: 5400_000_000_000)).nanoseconds == nanoseconds)
    }

    @Test("what is no moment is refused", arguments: ["", "yesterday", "1x", "12:00", "-5", "1h-"])
    func badMoments(text: String) {
        #expect(throws: (any Error).self) { try MomentArgument.parse(text) }
    }

    @Test("hosts are unix sockets; other schemes are named in the refusal")
    func hosts() throws {
        func choose(_ flag: String?, _ entries: [String] = [], user: UInt32 = 0) throws -> String {
            try HostAddress.choose(flag: flag, environment: Environment(entries), user: user).path
        }
        #expect(try choose("unix:///x") == "/x")
        #expect(try choose(nil, ["WHERRY_HOST=unix:///y"]) == "/y")
        #expect(try choose("unix:///x", ["WHERRY_HOST=unix:///y"]) == "/x")
        #expect(try choose(nil) == "/run/wherry/wherryd.sock")
        #expect(try choose(nil, ["XDG_RUNTIME_DIR=/no/such/folder"], user: 1) == "/run/wherry/wherryd.sock")
        for text in ["tcp://a:1", "ssh://a", "http://a", "/x", "unix://x", "frob"] {
            let error = #expect(throws: (any Error).self) { try choose(text) }
            #expect("\(String(describing: error))".contains(text))
        }
        #expect(Wherry.hostFlag(["--host=unix:///a", "-Hunix:///b", "ps", "-H", "c"]) == "unix:///b")
    }
}

@Suite("detach keys")
struct DetachKeysTests {
    @Test("what may be the sequence is held back until it is clear")
    func sequence() throws {
        var keys = DetachKeys.standard
        #expect(keys.filter([97, 0x10]) == ([97], false))
        #expect(keys.filter([98]) == ([0x10, 98], false))
        #expect(keys.filter([0x10, 0x10, 0x11, 99]) == ([0x10], true))
    }

    @Test(
        "keys are characters and ctrl- combinations",
        arguments: [("a", [UInt8(97)]), ("ctrl-a", [1]), ("ctrl-@,ctrl-[", [0, 27]), ("ctrl-_,b", [31, 98])])
    func keys(text: String, bytes: [UInt8]) throws {
        var keys = try DetachKeys(text)
        #expect(keys.filter(bytes).isComplete)
    }

    @Test("other keys are refused", arguments: ["", "ab", "ctrl-", "ctrl-A1", "ctrl-1", "a,"])
    func bad(text: String) { #expect(throws: (any Error).self) { try DetachKeys(text) } }
}
