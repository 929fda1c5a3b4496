internal import CommandKit
internal import LinuxKernel

/// A file that is there when it is whole.
enum NewFile {
    /// Lets `body` fill a new file, which takes the place of `path` when that succeeds; it owns the descriptor. What is
    /// there and is no plain file, such as a device, is written to as it is.
    static func write(at path: String, _ body: (Descriptor) throws -> Void) throws {
        let directory = Descriptor.workingDirectory
        if let kind = try? directory.status(of: path).kind, kind != .regular {
            return try body(try open(path, [.writeOnly], for: path))
        }
        let temporary = path + ".new"
        let file = try open(temporary, [.writeOnly, .create, .truncate, .noFollow], for: path)
        do {
            try body(file)
            try directory.rename(temporary, to: path)
        } catch {
            try? directory.removeFile(temporary)
            throw (error as? SystemError).map { CommandFailure("cannot write \(path): \($0.errno)") } ?? error
        }
    }

    private static func open(_ path: String, _ flags: OpenFlags, for target: String) throws(CommandFailure)
        -> Descriptor
    {
        do { return try Descriptor.workingDirectory.open(path, flags, mode: 0o600).release() } catch {
            throw CommandFailure("cannot write \(target): \(error.errno)")
        }
    }
}
