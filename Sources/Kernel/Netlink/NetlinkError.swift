public import LinuxKernel

/// Why a request to the kernel failed.
public enum NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel refused; `detail` is what it said beside the number, often nothing.
    case refused(Errno, detail: String)
    /// The socket failed.
    case socket(SystemError)
    /// An answer that does not follow netlink(7).
    case malformed

    public var errno: Errno? {
        switch self {
        case .refused(let errno, _): errno
        case .socket(let error): error.errno
        case .malformed: nil
        }
    }

    public var description: String {
        switch self {
        case .refused(let errno, ""): "\(errno)"
        case .refused(let errno, let detail): "\(errno): \(detail)"
        case .socket(let error): "\(error)"
        case .malformed: "the kernel's answer cannot be understood"
        }
    }
}
