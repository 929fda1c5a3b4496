public import LinuxKernel

/// A program with runc's command line: ours, or one of those that we are compared with.
public struct Runtime: Sendable, CustomStringConvertible {
    public let name: String
    private let words: [String]
    public var description: String { name }

    public static var wherry: Runtime { get throws { Runtime(name: "wherry-runtime", [try Programs.wherryRuntime]) } }
    public static var runc: Runtime { get throws { Runtime(name: "runc", [try Programs.found("runc")]) } }
    public static var crun: Runtime {
        get throws {
            let crun = try Programs.found("crun")
            if try Machine.hasUnifiedCgroups { return Runtime(name: "crun", [crun]) }
            // Debian's crun refuses cgroup v1 with v2 beside it: it gets a mount namespace without the latter.
            let script = "umount /sys/fs/cgroup/unified 2>/dev/null; exec \(crun) \"$@\""
            return Runtime(name: "crun", ["unshare", "--mount", "sh", "-c", script, "crun"])
        }
    }

    /// The ones that ours has to agree with.
    public static var references: [Runtime] { get throws { [try runc, try crun] } }

    private init(name: String, _ words: [String]) {
        self.name = name
        self.words = words
    }

    public func command(_ arguments: [String]) -> Command { Command(words[0], Array(words.dropFirst()) + arguments) }
}

/// A container of a test: an identifier and a folder for the runtime's state. Deleted by force at the end.
public final class Container {
    public let id: String
    public let runtime: Runtime
    public let bundle: Bundle
    public let root: String
    /// Before every verb, beside `--root`.
    public var globalOptions: [String] = []
    private let scratch: Scratch

    public init(_ bundle: Bundle, in scratch: Scratch, by runtime: Runtime) throws {
        id = "wherry-test-\(ThisProcess.pid)-\(monotonicTime() / 1000)"
        root = try scratch.directory("state-\(id)")
        self.runtime = runtime
        self.bundle = bundle
        self.scratch = scratch
    }

    deinit { _ = try? command("delete", ["--force", id]).run() }

    /// `runtime --root ROOT VERB ARGUMENTS`.
    public func command(_ verb: String, _ arguments: [String]) -> Command {
        runtime.command(globalOptions + ["--root", root, verb] + arguments)
    }

    public func run(_ options: [String] = []) throws -> Outcome {
        try command("run", options + ["--bundle", bundle.path, id]).run()
    }

    /// The file that the container's process writes to after ``create(_:)``.
    public var log: String { root + ".log" }

    /// Creates it. The process that it will be holds its streams open, so they are a file: ``log``.
    public func create(_ options: [String] = []) throws -> Outcome {
        let outcome = try command("create", options + ["--pid-file", pidFile, "--bundle", bundle.path, id])
            .changed { $0.output = .file(log) }.run()
        if outcome.status == 0, let pid = try pid { process = try ProcessHandle(opening: pid) }
        return outcome
    }

    @discardableResult
    public func start() throws -> Outcome { try command("start", [id]).run() }

    /// `state`'s answer, or nil when there is no such container.
    public func state() throws -> Outcome { try command("state", [id]).run() }

    private var process: ProcessHandle?
    private var pidFile: String { root + ".pid" }

    /// The container's first process, as `--pid-file` has it.
    public var pid: Int32? {
        get throws { Int32(try Files.read(pidFile).split(separator: "\n").first ?? "") }
    }

    /// Waits for the end of the container's first process, whose parent this process is by now.
    public func waitForEnd(within seconds: Double = 10) throws -> ExitStatus {
        guard let handle = process.take() else { throw HarnessError("\(id) was not created") }
        let (first, end) = (handle.pid, handle.descriptor.descriptor)
        try eventually("\(id) ends", within: seconds) {
            Orphans.reapInContainers(except: first)
            return try !end.wait(for: .readable, milliseconds: 0).isEmpty
        }
        return try handle.wait()
    }
}

/// Runs one bundle by ours and by the references; a test expects the same of each. A test that these fail is wrong.
public func runByAll(_ bundle: Bundle, in scratch: Scratch) throws -> [(runtime: String, outcome: Outcome)] {
    try ([.wherry] + Runtime.references).map { runtime in
        (runtime.name, try Container(bundle, in: scratch, by: runtime).run())
    }
}

extension Scratch {
    /// A program that runs runc or crun. Debian's crun refuses cgroup v1 with v2 beside it: it gets a mount namespace
    /// without the latter.
    public func otherRuntime(_ name: String) throws -> String {
        let hide = "umount /sys/fs/cgroup/unified 2>/dev/null"
        let enter = name == "crun" ? "unshare --mount sh -c '\(hide); exec \"$@\"' sh" : ""
        return try file(name, "#!/bin/sh\nexec \(enter) \(try Programs.found(name)) \"$@\"\n", mode: 0o755)
    }
}
