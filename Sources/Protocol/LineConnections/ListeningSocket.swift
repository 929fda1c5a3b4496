public import LinuxKernel

/// Why a program cannot listen.
public enum ListeningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody else holds the lock beside the socket, or answers on it.
    case taken(path: String)
    case system(SystemError)

    public var description: String {
        switch self {
        case .taken(let path): "another supervisor already listens on \(path)"
        case .system(let error): "\(error)"
        }
    }
}

/// A socket of mode 0600 that this program alone listens on, under a lock that lasts as long as the object.
public struct ListeningSocket: ~Copyable, Sendable {
    public let path: String
    public let descriptor: OwnedDescriptor
    private let lock: OwnedDescriptor

    /// Nanoseconds in which a child of a killed program has let go of what it holds between fork(2) and execve(2).
    private static let patience: UInt64 = 2_000_000_000

    /// Listens at `path`, in a directory that is there already. A socket that a dead program left is replaced: only
    /// with the lock `PATH.lock` held, and only if nobody answers on it. Whether it is taken is asked for two seconds.
    public init(at path: String) throws(ListeningError) {
        let lock = try Self.asking { () throws(ListeningError) in try Self.takeLock(path) }
        let listener = try Self.asking { () throws(ListeningError) in try Self.listen(path) }
        self.path = path
        self.lock = lock
        descriptor = listener
    }

    private static func asking<Value: ~Copyable>(_ body: () throws(ListeningError) -> Value)
        throws(ListeningError) -> Value
    {
        let end = monotonicTime() + patience
        while true {
            do throws(ListeningError) { return try body() } catch {
                guard case .taken = error, monotonicTime() < end else { throw error }
            }
            sleep(milliseconds: 20)
        }
    }

    private static func takeLock(_ path: String) throws(ListeningError) -> OwnedDescriptor {
        do throws(SystemError) {
            let lock = try Descriptor.workingDirectory.open(
                path + ".lock", [.readWrite, .create, .noFollow], mode: 0o600)
            if try lock.descriptor.lock(.exclusive, wait: false) { return lock }
        } catch { throw .system(error) }
        throw .taken(path: path)
    }

    private static func listen(_ path: String) throws(ListeningError) -> OwnedDescriptor {
        do throws(SystemError) {
            if try !isAnswered(path) { return try UnixSocket.listen(at: path) }
        } catch { throw .system(error) }
        throw .taken(path: path)
    }

    /// Whether somebody listens at `path`. What nobody answers on is removed, if it is a socket.
    private static func isAnswered(_ path: String) throws(SystemError) -> Bool {
        let here = Descriptor.workingDirectory
        guard try here.exists(path) else { return false }
        guard try here.status(of: path, followingLinks: false).kind == .socket else {
            throw SystemError(.exists, "listen", path)
        }
        do {
            _ = try UnixSocket.connect(to: path, nonBlocking: true)
            return true
        } catch {
            guard error.errno == .connectionRefused else { return true }
            try here.removeFile(path)
            return false
        }
    }

    /// Takes the socket's name away, so that clients are told at once that nobody is there.
    public func removeName() { try? Descriptor.workingDirectory.removeFile(path) }
}
