internal import LinuxKernel
internal import RuntimeSpec

/// Hands the descriptor of a process's filter to the agent that answers for its system calls: config-linux.md, "The
/// Container Process State".
struct SeccompAgent {
    let path: String
    let metadata: String?

    init?(_ seccomp: Seccomp?) {
        guard let seccomp, seccomp.notifies, let path = seccomp.listenerPath else { return nil }
        self.path = path
        metadata = seccomp.listenerMetadata
    }

    /// Takes descriptor `number` of `process`, which waits for us, lets the process go on, and sends the descriptor: the
    /// agent may have to answer for what the process does next.
    func hand(_ number: Int32, of process: BornProcess, state: State) throws(RuntimeError) {
        let filter = try performing("linux.seccomp: cannot take the filter's descriptor") { () throws(SystemError) in
            try process.handle.copyDescriptor(number)
        }
        try process.channel.send(.proceed)
        try send(filter.descriptor, document(process.pid, state))
    }

    private func document(_ pid: Int32, _ state: State) -> [UInt8] {
        ContainerProcessState(
            ociVersion: specificationVersion, fds: ["seccompFd"], pid: pid, metadata: metadata, state: state
        ).document()
    }

    /// One state a connection; the descriptor goes with the first byte.
    private func send(_ filter: Descriptor, _ document: [UInt8]) throws(RuntimeError) {
        let socket = try connect()
        try performing("linux.seccomp.listenerPath: cannot send to \(path)") { () throws(SystemError) in
            let count = try socket.descriptor.send(document, passing: [filter])
            try socket.descriptor.writeAll(Array(document.dropFirst(count)))
        }
    }

    private func connect() throws(RuntimeError) -> OwnedDescriptor {
        do { return try UnixSocket.connect(to: path) } catch {
            throw RuntimeError(
                .invalidConfiguration,
                "linux.seccomp.listenerPath: failed to connect with seccomp agent at \(path): \(error.errno)")
        }
    }
}
