internal import LineConnections
internal import LineProtocol
internal import LinuxKernel

/// Starts a container's shim, which makes the container through the runtime and then says that it is ready.
struct ShimLauncher: Sendable {
    let services: Services
    let container: ContainerRecord
    let paths: ContainerPaths

    /// The process ID of the created container. Throws what the shim reported, or that it did not.
    func launch() async throws(ProtocolFailure) -> Int32 {
        let report: OwnedDescriptor
        do throws(SystemError) { report = try spawn() } catch {
            throw ProtocolFailure(.shimFailed, "the shim cannot be started: \(error)")
        }
        let line = try await read(report.descriptor)
        let message: Message
        do { message = try Message(Line(line)) } catch {
            throw ProtocolFailure(
                .shimFailed,
                "the shim ended without a report" + (line.isEmpty ? "" : ": \(String(decoding: line, as: UTF8.self))"))
        }
        if case .failure(_, let failure) = message.kind { throw failure }
        return try message.result(ShimReady.self).pid
    }

    private func spawn() throws(SystemError) -> OwnedDescriptor {
        let pipe = try Pipe()
        let (reader, writer) = pipe.split()
        defer { writer.close() }
        let report = OwnedDescriptor(owning: reader.number)
        try report.descriptor.setNonBlocking()
        let null = try Descriptor.workingDirectory.open("/dev/null", .readWrite)
        let complaints = try Descriptor.workingDirectory.open(
            paths.lasting + "/shim.stderr", [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
        let shim = try SpawnRequest(
            path: services.configuration.shim, arguments: arguments, environment: environment,
            descriptors: [null.descriptor, writer, complaints.descriptor], directory: "/", startsSession: true
        ).spawn()
        reap(shim)
        return report
    }

    private var arguments: [String] {
        let specification = container.specification
        return [
            "wherry-shim", "--id", container.id, "--bundle", paths.bundle, "--runtime", services.configuration.runtime,
            "--runtime-root", services.layout.runtimeState, "--socket", paths.socket, "--exit-file", paths.exitRecord,
            "--log-file", paths.log, "--pid-file", paths.shimPID,
        ] + (specification.terminal ? ["--terminal"] : []) + (specification.openStandardInput ? ["--stdin"] : [])
            + (specification.closeStandardInputOnDetach ? ["--stdin-once"] : [])
    }

    /// Nothing of the supervisor's own reaches the runtime but what it needs to find programs (env-leak).
    private var environment: [String] { ["PATH=\(ContainerConfiguration.defaultPath)"] }

    /// A shim that outlives this program is reaped by the system's first process.
    private func reap(_ shim: consuming ProcessHandle) {
        let loop = services.loop
        let shim = ChildProcess(shim)
        Task.detached {
            try? await loop.waitUntilReadable(shim.handle.descriptor.descriptor)
            _ = try? shim.handle.poll()
        }
    }

    private func read(_ report: Descriptor) async throws(ProtocolFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(SystemError) {
            while bytes.count < Line.longest {
                do {
                    let part = try report.read(upTo: 4096)
                    bytes += part
                    if part.isEmpty || part.contains(UInt8(ascii: "\n")) { break }
                } catch {
                    guard error.errno == .again else { throw error }
                    try await services.loop.waitUntilReadable(report)
                }
            }
        } catch { throw ProtocolFailure(.shimFailed, "the shim's report cannot be read: \(error)") }
        return Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    }
}

/// A process handle that tasks can share.
private final class ChildProcess: Sendable {
    let handle: ProcessHandle
    init(_ handle: consuming ProcessHandle) { self.handle = handle }
}
