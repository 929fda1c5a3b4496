import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// sd_notify(3), and what runc does with `NOTIFY_SOCKET`.
@Suite("A container's program tells its caller's service manager that it is ready", .leavesNothingBehind)
struct ReadinessTests {
    let scratch: Scratch
    let manager: ServiceManager

    init() throws {
        scratch = try Scratch()
        manager = try ServiceManager(at: scratch("manager"))
    }

    /// Says several things, of which only the first readiness is for the manager.
    private static let program = """
        use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;
        my $to = sockaddr_un($ENV{NOTIFY_SOCKET});
        send($s, $_, 0, $to) or die "$!" for ("STATUS=starting", "STATUS=up\\nREADY=1\\n", "READY=1");
        """

    /// A container that runs this of perl.
    private func container(_ program: String) throws -> Container {
        let name = "bundle-\(monotonicTime())"
        let bundle = try Bundle(in: scratch, named: name, .debian, running: ["perl", "-e", program]) {
            $0.mounts?.append(Mount(destination: "/run", type: "tmpfs", source: "tmpfs"))
        }
        return try Container(bundle, in: scratch, by: .wherry)
    }

    private func command(_ container: Container, _ verb: String, _ arguments: [String]) -> Command {
        container.command(verb, arguments + [container.id]).changed {
            $0.environment.append("NOTIFY_SOCKET=\(manager.path)")
        }
    }

    private func expectReadiness(of process: Int32) throws {
        #expect(try manager.next() == "READY=1\n")
        #expect(try manager.next() == "MAINPID=\(process)\n")
        #expect(try manager.next() == "BARRIER=1")
    }

    @Test("run tells it once, with itself as the process to watch")
    func foreground() throws {
        let container = try container(Self.program + "print 'done'")
        let running = try command(container, "run", ["--bundle", container.bundle.path]).start()
        try expectReadiness(of: running.pid)
        let outcome = try running.wait()
        #expect(outcome.status == 0 && outcome.output == "done", "\(outcome)")
        #expect(try manager.hearsNothing)
    }

    @Test("start, and run --detach, return when it is told, with the container's process as the one to watch")
    func detached() throws {
        for isRun in [true, false] {
            let container = try container(Self.program + "sleep 1000")
            let pidFile = scratch("pid")
            let options = ["--pid-file", pidFile, "--bundle", container.bundle.path]
            let make = command(container, isRun ? "run" : "create", (isRun ? ["--detach"] : []) + options)
                .changed { $0.output = .file(container.log) }
            if !isRun { #expect(try make.run().status == 0) }
            let starting = try isRun ? make.start() : command(container, "start", []).start()
            try manager.waitForWords()
            try expectReadiness(of: try #require(Int32(Files.read(pidFile))))
            #expect(try starting.wait().status == 0)
            try container.command("delete", ["--force", container.id]).succeed()
        }
    }

    @Test("a program that never tells keeps nobody waiting when it ends, and nor does a manager that is not there")
    func silence() throws {
        let container = try container("exit 3")
        let options = ["--bundle", container.bundle.path]
        #expect(try command(container, "run", options).run().status == 3)
        #expect(try command(container, "run", ["--detach"] + options).run().status == 0)
        try container.command("delete", ["--force", container.id]).succeed()
        #expect(try manager.hearsNothing)
        let outcome = try container.command("run", options + [container.id])
            .changed { $0.environment.append("NOTIFY_SOCKET=" + scratch("nobody")) }.run()
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("nobody will hear that the container is ready"), "\(outcome)")
    }

    @Test("the container cannot replace the socket, and without NOTIFY_SOCKET has none")
    func protected() throws {
        let script = "print -e '/run/notify/notify.sock' ? 1 : 0; print unlink('/run/notify/notify.sock') ? 1 : 0"
        let container = try container(script)
        #expect(try command(container, "run", ["--bundle", container.bundle.path]).run().output == "10")
        #expect(try container.run().output == "00")
    }
}

/// What listens at `NOTIFY_SOCKET`.
final class ServiceManager {
    let path: String
    private let socket: OwnedDescriptor

    init(at path: String) throws {
        self.path = path
        socket = try UnixSocket.bindDatagrams(at: path)
    }

    private func hears(within seconds: Double) throws -> Bool {
        try !socket.descriptor.wait(for: .readable, milliseconds: CInt(patient(seconds) * 1000)).isEmpty
    }

    var hearsNothing: Bool { get throws { try !hears(within: 0) } }

    func waitForWords() throws {
        guard try hears(within: 10) else { throw HarnessError("nobody told anything") }
    }

    /// The next message. Descriptors that come with it are closed, as systemd does for barriers.
    func next() throws -> String {
        try waitForWords()
        var (bytes, descriptors): ([UInt8], [Descriptor]) = ([], [])
        _ = try socket.descriptor.receive(upTo: 4096, into: &bytes, descriptors: &descriptors)
        for descriptor in descriptors { descriptor.close() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
