internal import LinuxKernel
internal import SetupPlan

/// The last steps: where the process works, what it becomes, and when.
extension SetupInterpreter {
    /// Resolved below the root and not through magic links: descriptors of the host's that might be open here are out of
    /// reach (fd-leak-cwd).
    func enterWorkingDirectory(_ path: String, comesAgain: Bool = true) throws(RuntimeError) {
        do {
            let directory = try tree.open(path, [.path, .directory])
            try ThisProcess.changeDirectory(to: directory.descriptor)
        } catch {
            // A file system of another machine's may let only its own users in: tried again as the process's own user.
            if error.errno == .accessDenied, comesAgain {
                pendingDirectory = path
                return
            }
            throw RuntimeError("process.cwd: cannot enter \(path)", error)
        }
    }

    /// As a shell would: a name with a slash is a path, others are looked for in `PATH`.
    func findProgram() throws(RuntimeError) {
        let name = plan.program.arguments[0]
        if name.contains("/") {
            if let problem = Self.problem(with: name) { throw Self.failure(name, problem) }
            program = name
            return
        }
        for folder in (plan.program.variable("PATH") ?? "").split(separator: ":", omittingEmptySubsequences: false) {
            let path = (folder.isEmpty ? "." : String(folder)) + "/" + name
            if Self.problem(with: path) == nil {
                program = path
                return
            }
        }
        throw RuntimeError(.executableNotFound, "exec: \"\(name)\": executable file not found in $PATH")
    }

    private static func problem(with path: String) -> Errno? {
        do {
            if try Descriptor.workingDirectory.status(of: path).kind == .directory { return .isDirectory }
        } catch { return error.errno }
        return Descriptor.workingDirectory.whyNotExecutable(path)
    }

    /// In the words that dockerd and podman know by heart from runc: they choose exit codes by them.
    private static func failure(_ name: String, _ errno: Errno) -> RuntimeError {
        switch errno {
        case .noEntry, .notDirectory:
            RuntimeError(.executableNotFound, "exec: \"\(name)\": stat \(name): \(errno)")
        case .accessDenied, .isDirectory, .notExecutable, .notPermitted:
            RuntimeError(.executableNotRunnable, "exec: \"\(name)\": \(errno)")
        default: RuntimeError(.system, "exec: \"\(name)\": \(errno)")
        }
    }

    func releaseDescriptors() throws(RuntimeError) {
        var kept = [tree.root, surroundings.channel.socket]
        if let files = surroundings.processFilesystem { kept.append(files.root) }
        if case .pipe(let pipe) = surroundings.wait { kept.append(pipe) }
        if let log = surroundings.log.file { kept.append(log) }
        (mounts, nullDevice, emptyDirectory) = ([:], nil, nil)
        try performing("cannot close what the container is not to have") { () throws(SystemError) in
            try ThisProcess.closeDescriptors(from: 3 + CInt(surroundings.preservedDescriptors), except: kept)
        }
    }

    /// From here on the container lives without the runtime that made it.
    func awaitStart() throws(RuntimeError) {
        closeProcessFilesystem()
        if case .pipe = surroundings.wait {
            try outliveRuntime()
            // Before anybody can know that there is somebody to end.
            ThisProcess.endBySignals()
            if surroundings.isOfOrdinaryUser { try letIn() }
        }
        closeLog()
        surroundings.channel.send(.ready)
        switch surroundings.wait {
        case .message:
            surroundings.channel.expect(.start)
            try outliveRuntime()
        case .pipe(let pipe):
            surroundings.channel.socket.close()
            guard (try? pipe.read(upTo: 1)) == StartPipe.go else { ThisProcess.leave(1) }
        }
    }

    /// The words are those that readers of runc's log look for.
    private func closeLog() {
        surroundings.log.debug(
            plan.rootfs.isEmpty ? "setns_init: about to exec" : "init: closing the pipe to signal completion")
        surroundings.log.file?.close()
        surroundings.log = RuntimeLog()
    }

    /// It may be the host's, and whoever joins while we wait may see what we have open (fd-leak-exec).
    private func closeProcessFilesystem() {
        surroundings.processFilesystem?.root.close()
        surroundings.processFilesystem = nil
    }

    /// An ordinary user joins the namespaces of a process that waits, as `exec` does, only if he may trace it. What it has
    /// open by now is the container's.
    private func letIn() throws(RuntimeError) {
        try performing("cannot let processes join") { () throws(SystemError) in try ThisProcess.setDumpable(true) }
    }

    private func outliveRuntime() throws(RuntimeError) {
        try performing("cannot outlive the runtime") { () throws(SystemError) in
            try ThisProcess.setParentDeathSignal(0)
        }
    }

    func execute() throws(RuntimeError) {
        try performing("cannot hand on descriptors") { () throws(SystemError) in
            for number in 3..<CInt(3 + surroundings.preservedDescriptors) {
                try Descriptor(number: number).setCloseOnExec(false)
            }
        }
        ThisProcess.restoreSignalHandling()
        let error = ThisProcess.execute(program, arguments: plan.program.arguments, environment: environment)
        // The container has been started by now. As with runc it tells itself what it lacks (an interpreter, for
        // instance), where its own messages go.
        try? Descriptor.standardError.writeAll("exec \(program): \(error.errno)\n")
        ThisProcess.leave(255)
    }
}
