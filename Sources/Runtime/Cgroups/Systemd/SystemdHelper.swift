internal import LinuxKernel
internal import RuntimeSpec

/// The program `wherry-systemd` at work for us: static programs cannot link libsystemd. It ends when this goes away.
final class SystemdHelper {
    private let socket: OwnedDescriptor
    private let process: ProcessHandle
    private var received: [UInt8] = []
    /// systemd's version.
    private(set) var version = 0
    /// The manager's own cgroup.
    private(set) var controlGroup = "/"

    /// Reaches the system's manager, or that of the user who calls.
    init(isUser: Bool) throws(CgroupError) {
        try Self.requireSystemd()
        let program = try Self.program()
        do throws(SystemError) {
            let (ours, theirs) = try UnixSocket.pair()
            socket = OwnedDescriptor(owning: ours.number)
            defer { theirs.close() }
            let request = SpawnRequest(
                path: program, arguments: ["wherry-systemd"] + (isUser ? ["--user"] : []),
                environment: ThisProcess.environment, descriptors: [theirs, theirs, .standardError])
            process = try request.spawn()
        } catch { throw CgroupError("cannot start \(program), which talks to systemd", error) }
        let greeting = try answer()
        version = greeting.version ?? 0
        controlGroup = greeting.controlGroup ?? "/"
    }

    deinit {
        // Copies of our end may live on in a container's process that waits: closing it would not tell the helper.
        try? socket.descriptor.shutDown()
        _ = try? process.wait()
    }

    /// Has it done; throws what systemd said.
    func perform(_ request: SystemdRequest) throws(CgroupError) {
        do { try socket.descriptor.writeAll(request.json.line + "\n") } catch {
            throw CgroupError("cannot ask wherry-systemd", error)
        }
        _ = try answer()
    }

    private func answer() throws(CgroupError) -> SystemdAnswer {
        let line = try nextLine()
        let answer: SystemdAnswer
        do { answer = try SystemdAnswer(parsing: line) } catch {
            throw CgroupError(.system, "cannot understand wherry-systemd: \(error)")
        }
        if let error = answer.error { throw CgroupError(systemd: error, name: answer.errorName) }
        return answer
    }

    private func nextLine() throws(CgroupError) -> [UInt8] {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeSubrange(...end) }
                return Array(received[..<end])
            }
            let part: [UInt8]
            do { part = try socket.descriptor.read(upTo: 4096) } catch {
                throw CgroupError("cannot hear from wherry-systemd", error)
            }
            guard !part.isEmpty else { throw CgroupError(.system, "wherry-systemd ended without an answer") }
            received += part
        }
    }
}

// MARK: Whether there is one

extension SystemdHelper {
    /// sd_booted(3).
    private static func requireSystemd() throws(CgroupError) {
        if (try? Descriptor.workingDirectory.exists("/run/systemd/system")) == true { return }
        throw CgroupError(
            .unavailable,
            "systemd cgroup flag passed, but systemd support for managing cgroups is not available: "
                + "this machine was not booted with systemd; leave out --systemd-cgroup")
    }

    /// Beside our own program, as it was called or as its symbolic links lead to it, or in `PATH`.
    private static func program() throws(CgroupError) -> String {
        for directory in ownDirectories {
            let path = directory + "/wherry-systemd"
            if Descriptor.workingDirectory.whyNotExecutable(path) == nil { return path }
        }
        if let path = ThisProcess.findProgram("wherry-systemd") { return path }
        throw CgroupError(
            .unavailable,
            "--systemd-cgroup needs the program wherry-systemd, which is neither beside this one nor in PATH: "
                + "make install puts it there")
    }

    private static var ownDirectories: [String] {
        guard let called = CommandLine.arguments.first, called.contains("/") else { return [] }
        var directories: [String] = []
        var path = called
        // As many links as path_resolution(7) follows.
        for _ in 0..<40 {
            directories.append(CgroupPath.directory(of: path))
            guard let target = try? Descriptor.workingDirectory.readSymbolicLink(path) else { break }
            path = target.hasPrefix("/") ? target : CgroupPath.directory(of: path) + "/" + target
        }
        return directories
    }
}

extension CgroupPath {
    /// What stands before the last slash.
    fileprivate static func directory(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }
}

extension CgroupError {
    static let unitExists = "org.freedesktop.systemd1.UnitExists"

    fileprivate init(systemd message: String, name: String?) {
        self.init(name == Self.unitExists ? .exists : .system, message)
    }
}
