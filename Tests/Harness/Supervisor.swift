import LinuxKernel

/// A wherryd of a test's own, with folders and a socket that nobody else uses.
public final class Supervisor {
    public let socket: String
    public let root: String
    public let state: String
    private let scratch: Scratch
    private let options: [String]
    private var program: RunningProgram?

    /// Starts it and waits until it answers.
    public init(in scratch: Scratch, options: [String] = []) throws {
        self.scratch = scratch
        self.options = options
        socket = scratch("s/wherryd.sock")
        root = try scratch.directory("r")
        state = try scratch.directory("s")
        try start()
    }

    deinit {
        removeAllContainers()
        try? stop()
    }

    public func start() throws {
        let arguments = ["--root", root, "--state", state, "--socket", socket] + options
        let program = try Command(try Programs.wherryd, arguments).changed { $0.output = .file(log) }.start()
        self.program = program
        try eventually("wherryd accepts connections") {
            guard try !program.hasEnded else { throw HarnessError("wherryd ended at once: \(try Files.read(log))") }
            // A shim that a killed supervisor was just starting may hold its socket open for a moment.
            guard let connection = try? UnixSocket.connect(to: socket) else { return false }
            let listener = try connection.descriptor.peerCredentials().pid
            _ = consume connection
            return listener == program.pid
        }
    }

    /// What it told.
    public var log: String { scratch("wherryd.log") }
    public var pid: Int32? { program?.pid }

    /// SIGTERM, and waits for its end, which must be a success.
    public func stop() throws {
        guard let program else { return }
        self.program = nil
        try program.signal(Signal.terminate)
        let outcome = try program.wait(within: 20)
        guard outcome.status == 0 else { throw HarnessError("wherryd does not end as it should: \(outcome)") }
    }

    /// SIGKILL, as when the machine's memory is used up, and waits for its end.
    public func kill() throws {
        guard let program else { return }
        self.program = nil
        try program.signal(Signal.kill)
        _ = try program.wait()
    }

    /// The client, talking to this supervisor.
    public func wherry(_ arguments: [String]) throws -> Command {
        Command(try Programs.wherry, ["--host", "unix://" + socket] + arguments)
    }
    public func wherry(_ arguments: String...) throws -> Command { try wherry(arguments) }

    /// Loads an image of ``TestImages`` and returns its name.
    @discardableResult
    public func load(_ archive: String) throws -> String {
        try wherry("load", "--input", try TestImages.path(archive)).succeed()
    }

    /// Makes the image `busybox` of a root filesystem.
    public func importBusybox() throws {
        try wherry("import", try TestImages.path("busybox-rootfs.tar"), "busybox").succeed()
    }

    private func removeAllContainers() {
        guard program != nil, let ids = try? wherry("ps", "--all", "--quiet").run().lines, !ids.isEmpty else { return }
        _ = try? wherry(["rm", "--force"] + ids).run()
    }
}
