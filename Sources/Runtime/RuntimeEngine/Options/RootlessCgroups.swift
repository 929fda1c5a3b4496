public import LinuxKernel

/// `--rootless`.
public enum RootlessCgroups: String, Sendable {
    case always = "true"
    case never = "false"
    /// For everybody but the root of the initial user namespace.
    case auto

    func isRootless(systemd: Bool) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        if ThisProcess.effectiveUser != 0 { return true }
        if ThisProcess.isInInitialUserNamespace { return false }
        // Root of a user namespace is an ordinary user to the systemd outside, or root to one of its own inside: where
        // a session's bus is named, the user of that session started us.
        guard systemd else { return true }
        return ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"].contains { ThisProcess.variable($0) != nil }
    }
}

extension ThisProcess {
    /// The kernel numbers the first user namespace so on every machine (`PROC_USER_INIT_INO`).
    public static var isInInitialUserNamespace: Bool {
        (try? Descriptor.workingDirectory.readSymbolicLink("/proc/self/ns/user")) == "user:[4026531837]"
    }

    /// Only the host's root may say which devices a cgroup uses.
    static var mayRestrictDevices: Bool { effectiveUser == 0 && isInInitialUserNamespace }
}
