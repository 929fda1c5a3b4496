internal import CLinux
internal import Glibc

/// Kinds of namespaces: the `CLONE_NEW*` bits of clone3(2).
public struct NamespaceKinds: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let time = NamespaceKinds(rawValue: 0x80)
    public static let mount = NamespaceKinds(rawValue: 0x2_0000)
    public static let cgroup = NamespaceKinds(rawValue: 0x200_0000)
    public static let uts = NamespaceKinds(rawValue: 0x400_0000)
    public static let ipc = NamespaceKinds(rawValue: 0x800_0000)
    public static let user = NamespaceKinds(rawValue: 0x1000_0000)
    public static let pid = NamespaceKinds(rawValue: 0x2000_0000)
    public static let network = NamespaceKinds(rawValue: 0x4000_0000)
}

/// A new process that goes on where its maker was: both return from ``ThisProcess/clone(_:)``.
public enum Cloned: ~Copyable {
    case child
    case parent(ProcessHandle)
}

public struct CloneRequest: Sendable {
    public var namespaces: NamespaceKinds
    /// Our own parent becomes the new process's parent: `CLONE_PARENT`.
    public var isSibling: Bool
    /// A cgroup v2 directory to be born in: `CLONE_INTO_CGROUP`.
    public var cgroup: Descriptor?

    public init(_ namespaces: NamespaceKinds = [], isSibling: Bool = false, cgroup: Descriptor? = nil) {
        self.namespaces = namespaces
        self.isSibling = isSibling
        self.cgroup = cgroup
    }
}

extension ThisProcess {
    /// clone3(2) without sharing anything: only in a process that has one thread.
    public static func clone(_ request: CloneRequest) throws(SystemError) -> Cloned {
        var pidfd: CInt = -1
        let flags = request.namespaces.rawValue | (request.isSibling ? 0x8000 : 0)
        let pid = try checked(cl_clone(flags, request.cgroup?.number ?? -1, &pidfd), "clone3")
        if pid == 0 { return .child }
        return .parent(ProcessHandle(pid: pid, owning: OwnedDescriptor(owning: pidfd)))
    }

    /// setns(2): a namespace's file, or a pidfd with the kinds to join.
    public static func join(_ namespace: Descriptor, _ kinds: NamespaceKinds = []) throws(SystemError) {
        try checked(cl_setns(namespace.number, CInt(truncatingIfNeeded: kinds.rawValue)), "setns")
    }

    public static func unshare(_ kinds: NamespaceKinds) throws(SystemError) {
        try checked(cl_unshare(CInt(truncatingIfNeeded: kinds.rawValue)), "unshare")
    }

    public static func setHostname(_ name: String) throws(SystemError) {
        try checked(cl_sethostname(name, name.utf8.count), "sethostname", name)
    }

    public static func setDomainname(_ name: String) throws(SystemError) {
        try checked(cl_setdomainname(name, name.utf8.count), "setdomainname", name)
    }

    /// Sets `IFF_UP` on `lo` of this process's network namespace: netdevice(7).
    public static func raiseLoopback() throws(SystemError) {
        try checked(cl_raise_interface("lo"), "SIOCSIFFLAGS", "lo")
    }

    /// personality(2): `PER_LINUX` is 0, `PER_LINUX32` 8.
    public static func setPersonality(_ persona: UInt) throws(SystemError) {
        try checked(cl_personality(persona), "personality")
    }

    /// setsid(2).
    public static func startSession() throws(SystemError) { try checked(cl_setsid(), "setsid") }

    /// _exit(2): without what exit(3) would do in a copy of its maker.
    public static func leave(_ status: Int32) -> Never { cl_exit_now(status) }
}
