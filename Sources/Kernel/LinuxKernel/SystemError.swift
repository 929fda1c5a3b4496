internal import CLinux
internal import Glibc

/// A number of errno(3).
public struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: CInt
    public init(rawValue: CInt) { self.rawValue = rawValue }

    public static let notPermitted = Errno(rawValue: EPERM)
    public static let noEntry = Errno(rawValue: ENOENT)
    public static let noProcess = Errno(rawValue: ESRCH)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let inputOutput = Errno(rawValue: EIO)
    public static let badDescriptor = Errno(rawValue: EBADF)
    public static let again = Errno(rawValue: EAGAIN)
    public static let noMemory = Errno(rawValue: ENOMEM)
    public static let accessDenied = Errno(rawValue: EACCES)
    public static let busy = Errno(rawValue: EBUSY)
    public static let exists = Errno(rawValue: EEXIST)
    public static let crossDevice = Errno(rawValue: EXDEV)
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    public static let isDirectory = Errno(rawValue: EISDIR)
    public static let invalid = Errno(rawValue: EINVAL)
    public static let noSpace = Errno(rawValue: ENOSPC)
    public static let readOnly = Errno(rawValue: EROFS)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let notEmpty = Errno(rawValue: ENOTEMPTY)
    public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    public static let tooManyLinks = Errno(rawValue: ELOOP)
    public static let notImplemented = Errno(rawValue: ENOSYS)
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    public static let noData = Errno(rawValue: ENODATA)
    public static let quota = Errno(rawValue: EDQUOT)
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let notExecutable = Errno(rawValue: ENOEXEC)
    public static let messageTooLong = Errno(rawValue: EMSGSIZE)
    public static let noDevice = Errno(rawValue: ENODEV)
    public static let noDeviceOrAddress = Errno(rawValue: ENXIO)

    /// What strerror(3) says, in lower case as it stands inside a sentence.
    public var description: String {
        guard let text = strerror(rawValue) else { return "error \(rawValue)" }
        let words = String(cString: text)
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}

/// A system call that failed: which one, on what, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public let errno: Errno
    /// The call, or what was being done: `open`, `mount proc`.
    public let call: String
    /// What it was done to, usually a path; empty if there is nothing to name.
    public let subject: String

    public init(_ errno: Errno, _ call: String, _ subject: String = "") {
        self.errno = errno
        self.call = call
        self.subject = subject
    }

    public var description: String {
        subject.isEmpty ? "\(call): \(errno)" : "\(call) \(subject): \(errno)"
    }
}

/// Turns the answer of a C thunk, a value or `-errno`, into a value or a ``SystemError``.
@discardableResult
@inline(__always)
func checked<Value: SignedInteger>(
    _ answer: Value, _ call: @autoclosure () -> String, _ subject: @autoclosure () -> String = ""
) throws(SystemError) -> Value {
    guard answer < 0 else { return answer }
    throw SystemError(Errno(rawValue: CInt(-answer)), call(), subject())
}
