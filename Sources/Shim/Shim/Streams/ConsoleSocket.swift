import LinuxKernel

/// Where the runtime hands over the master of the terminal that it made (runc's docs/terminals.md). Its file is gone
/// with it.
final class ConsoleSocket {
    private let listener: OwnedDescriptor
    private let path: String
    /// What the runtime is told.
    let name: String

    /// Bytes that `sun_path` holds.
    private static let longestName = 107

    /// Other runtimes cannot connect to a longer path: they reach it through this descriptor of ours.
    private let directory: Descriptor?

    init(at path: String) throws(SystemError) {
        self.path = path
        listener = try UnixSocket.listen(at: path, backlog: 1)
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        if path.utf8.count > Self.longestName {
            let opened = try Descriptor.workingDirectory.open(String(path[..<slash]), [.path, .directory]).release()
            directory = opened
            name = "/proc/\(ThisProcess.pid)/fd/\(opened.number)\(path[slash...])"
        } else {
            directory = nil
            name = path
        }
    }

    deinit {
        directory?.close()
        try? Descriptor.workingDirectory.removeFile(path)
    }

    /// The master that the runtime sent before it ended; nil if it sent none.
    func receiveMaster() throws(SystemError) -> OwnedDescriptor? {
        guard let connection = try UnixSocket.accept(listener.descriptor) else { return nil }
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        do { _ = try connection.descriptor.receive(upTo: 4096, into: &bytes, descriptors: &descriptors) } catch {
            if error.errno == .again { return nil }
            throw error
        }
        for descriptor in descriptors.dropFirst() { descriptor.close() }
        return descriptors.first.map { OwnedDescriptor(owning: $0.number) }
    }
}
