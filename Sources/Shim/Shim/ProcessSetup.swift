import LineProtocol
import LinuxKernel

// What the shim makes of its process before there is a container, and what it takes away in the end.

extension ShimProgram {
    /// A shim lives as long as its container, whatever is sent to its session.
    static func prepareProcess() {
        for signal in [Signal.pipe, Signal.hangUp, Signal.interrupt, Signal.terminate] { ignoreSignal(signal) }
        ThisProcess.setFileCreationMask(0o022)
    }

    static func open(_ options: ShimOptions) throws(ProtocolFailure) -> Shim {
        var options = options
        do {
            try makeAbsolute(&options)
            try makeDirectory(ShimPaths(socket: options.socket).directory)
            try ThisProcess.becomeSubreaper()
            try ThisProcess.changeDirectory(to: "/")
        } catch {
            throw ProtocolFailure(.shimFailed, "the shim cannot start: \(error)")
        }
        let shim = try Shim(options)
        do {
            try redirect(options)
        } catch {
            shim.connections.stop()
            removeFiles(options, keepingRemarks: false)
            throw ProtocolFailure(.shimFailed, "the shim cannot start: \(error)")
        }
        return shim
    }

    private static func makeAbsolute(_ options: inout ShimOptions) throws(SystemError) {
        let here = try Descriptor.workingDirectory.readSymbolicLink("/proc/self/cwd")
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(here)/\(path)" }
        options.bundle = absolute(options.bundle)
        options.runtime = absolute(options.runtime)
        options.runtimeRoot = options.runtimeRoot.map(absolute)
        options.socket = absolute(options.socket)
        options.exitFile = absolute(options.exitFile)
        options.logFile = options.logFile.map(absolute)
        options.pidFile = options.pidFile.map(absolute)
    }

    /// The socket's directory belongs to one user (ATTACKS.md, state-permissions): one that others may write to would
    /// let them put a socket of their own in our place.
    private static func makeDirectory(_ path: String) throws(SystemError) {
        let directory = Descriptor.workingDirectory
        try directory.makeDirectories(path, mode: 0o700)
        let status = try directory.status(of: path)
        guard status.owner == ThisProcess.effectiveUser, status.mode & 0o022 == 0 else {
            throw SystemError(.notPermitted, "use a directory that others may write to (chmod 700 it)", path)
        }
    }

    /// Complaints go to the shim's log from here on.
    private static func redirect(_ options: ShimOptions) throws(SystemError) {
        let here = Descriptor.workingDirectory
        if let path = options.pidFile { try here.writeDocument(Array("\(ThisProcess.pid)\n".utf8), to: path) }
        let diagnostics = ShimPaths(socket: options.socket).diagnostics
        let log = try here.open(diagnostics, [.writeOnly, .create, .append, .noFollow], mode: 0o600)
        try Descriptor.standardError.redirect(to: log.descriptor)
        silence(.standardInput)
    }

    /// Points one of our own streams to nowhere.
    static func silence(_ stream: Descriptor) {
        guard let null = try? Descriptor.workingDirectory.open("/dev/null", .readWrite) else { return }
        try? stream.redirect(to: null.descriptor)
    }

    /// Removes what the shim has made for itself. A log with remarks may stay.
    static func removeFiles(_ options: ShimOptions, keepingRemarks: Bool) {
        let here = Descriptor.workingDirectory
        if let path = options.pidFile { try? here.removeFile(path) }
        let diagnostics = ShimPaths(socket: options.socket).diagnostics
        let hasRemarks = (try? here.status(of: diagnostics).size) != 0
        if !(keepingRemarks && hasRemarks) { try? here.removeFile(diagnostics) }
    }
}
