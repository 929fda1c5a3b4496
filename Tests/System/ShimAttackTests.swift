import Harness
import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

/// Rows of ATTACKS.md, "Shim and supervisor".
@Suite("A shim survives", .leavesNothingBehind)
struct ShimAttackTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// KiB that a shim may have had resident at most, whatever was done to it: its program's pages, and a few buffers.
    private static let mostMemory = 20 << 10

    private func running(_ script: String = "sleep 1000", _ options: [String] = ["--log-driver", "none"]) throws
        -> (TestShim, ShimClient)
    {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script])
        let shim = try TestShim(bundle, in: scratch, by: "wherry-runtime", options: options)
        let client = try shim.connect()
        try client.start()
        return (shim, client)
    }

    private func end(_ shim: TestShim, _ client: ShimClient) throws {
        #expect(try shim.memory("VmHWM") < Self.mostMemory)
        if try client.call(ShimState.self, Nothing()).result.phase == .running { try client.kill() }
        _ = try client.wait()
        try shim.finish(client)
    }

    private func raw(_ shim: TestShim) throws -> OwnedDescriptor {
        try UnixSocket.connect(to: shim.folder + "/shim.sock")
    }

    @Test("exec-output-flood: output without a newline goes to the log in parts, and memory stays bounded")
    func outputFlood() throws {
        let flood = "head -c 50000000 /dev/zero | tr '\\0' x"
        let (shim, client) = try running(flood, TestShim.logOptions(scratch))
        #expect(try client.wait().exitCode == 0)
        #expect(try Descriptor.workingDirectory.status(of: scratch("container.log")).size > 50_000_000)
        try end(shim, client)
    }

    @Test("exec-output-flood: an exec whose output nobody reads, or whose reader does not read")
    func execFlood() throws {
        let (shim, client) = try running()
        let flood = ["sh", "-c", "head -c 50000000 /dev/zero"]
        _ = try client.exec("unread", flood, like: shim.bundle)
        let ends = try client.exec("stalled", flood, like: shim.bundle, ShimClient.output)
        #expect(try client.wait(for: "unread").exitCode == 0)
        for end in ends { end.close() }
        #expect(try client.wait(for: "stalled").exitCode == 0)
        try end(shim, client)
    }

    @Test("resize-flood: clients that come, resize and go leave neither descriptors nor memory behind")
    func resizeFlood() throws {
        let (shim, client) = try running()
        _ = try client.exec("t", ["sleep", "1000"], like: shim.bundle, terminal: true)
        let before = shim.openDescriptors
        for number in 0..<300 {
            for end in try client.call(ShimAttach.self, ShimClient.all).ends { end.close() }
            let size = WindowSize(columns: UInt16(number), rows: 10)
            _ = try client.call(ShimResize.self, ShimResize.Parameters(exec: "t", size: size))
        }
        for _ in 0..<10 {
            for end in try client.exec("e", ["true"], like: shim.bundle, ShimClient.all) { end.close() }
            _ = try client.wait(for: "e")
        }
        try eventually("its descriptors are what they were") { shim.openDescriptors <= before }
        try end(shim, client)
    }

    @Test("shim-socket, state-permissions: the socket is a file that only its owner may open, in such a directory")
    func socketPermissions() throws {
        let (shim, client) = try running()
        let here = Descriptor.workingDirectory
        #expect(try here.status(of: shim.folder).mode == 0o700)
        #expect(try here.status(of: shim.folder + "/shim.sock").mode == 0o600)
        let sockets = try Files.read("/proc/net/unix").split(separator: "\n").filter { $0.contains("shim") }
        #expect(sockets.allSatisfy { !$0.contains(" @") })
        try end(shim, client)
    }

    @Test("state-permissions: a directory that others may write to is refused")
    func openDirectory() throws {
        let open = try scratch.directory("open")
        try Descriptor.workingDirectory.changeMode(of: open, to: 0o777)
        let arguments = ["--id", "x", "--bundle", "/", "--runtime", "/bin/false", "--log-driver", "none"]
        let paths = ["--socket", open + "/s.sock", "--exit-file", open + "/e"]
        let outcome = try Command(try Programs.wherryShim, arguments + paths).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(open))
        #expect(Files.names(in: open) == [])
    }

    @Test("line-flood: what is no request is answered with an error, and the next one is heard")
    func badLines() throws {
        let (shim, client) = try running()
        let lines = [
            "garbage", "\u{0}", "[]", "{}", "null", #"{"id":1,"method":5}"#, String(repeating: "[", count: 9999),
        ]
        for line in lines.map({ Array($0.utf8) }) + [[0xff, 0xfe]] {
            let socket = try raw(shim)
            try socket.descriptor.writeAll(
                line + Array("\n".utf8) + Envelope.request(ShimState.self, id: .text("x"), Nothing()) + [10])
            var answers: [UInt8] = []
            while answers.filter({ $0 == 10 }).count < 2 {
                let part = try socket.descriptor.read(upTo: 4096)
                try #require(!part.isEmpty)
                answers += part
            }
            #expect(String(decoding: answers, as: UTF8.self).contains(#""error""#))
            #expect(String(decoding: answers, as: UTF8.self).contains(#""phase":"running""#))
        }
        try end(shim, client)
    }

    @Test("line-flood: a line without end is cut off, half a line holds nobody up")
    func endlessLine() throws {
        let (shim, client) = try running()
        let half = try raw(shim)
        try half.descriptor.writeAll(#"{"id":"#)
        let endless = try raw(shim)
        ignoreSignal(Signal.pipe)
        #expect(throws: SystemError.self) {
            for _ in 0..<1000 { try endless.descriptor.writeAll([UInt8](repeating: 0x78, count: 64 << 10)) }
        }
        #expect(try client.call(ShimState.self, Nothing()).result.phase == .running)
        try end(shim, client)
    }

    @Test("line-flood: 10,000 requests whose answers nobody reads, and more connections than there may be")
    func unreadRequests() throws {
        let (shim, client) = try running()
        let flood = try raw(shim)
        try flood.descriptor.setNonBlocking()
        let request = Envelope.request(ShimState.self, id: .number(1), Nothing()) + [10]
        let requests = Array(repeatElement(request, count: 10_000).joined())[...]
        var rest = requests
        while let taken = try? flood.descriptor.write(rest.prefix(64 << 10)), taken > 0 { rest = rest.dropFirst(taken) }
        let many = try (0..<100).map { _ in Box(try raw(shim)) }
        #expect(try client.call(ShimState.self, Nothing()).result.phase == .running)
        #expect(many.count == 100)
        try end(shim, client)
    }

    /// Lets descriptors be kept in an array.
    private final class Box {
        let socket: OwnedDescriptor
        init(_ socket: consuming OwnedDescriptor) { self.socket = socket }
    }
}
