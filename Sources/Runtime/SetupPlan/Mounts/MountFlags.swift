public import LinuxKernel

/// What becomes of the flags of a mount that is there already: a bind mount's, which has its source's at first, or those
/// of what is remounted.
///
/// As soon as options name one flag, be it set or cleared, all that they do not name are cleared; but access times stay
/// as they are unless one of their flags is set. That is mount(2) with `MS_REMOUNT | MS_BIND`, and what runc and crun
/// make of `mounts[].options`.
public struct MountFlags: Hashable, Sendable {
    public let set: MountAttributes
    public let clear: MountAttributes

    static let all: MountAttributes = [.readOnly, .noSetUserID, .noDevices, .noExecution, .noSymbolicLinks]
    static let times: MountAttributes = [.accessTimeKinds, .noDirectoryAccessTime]
    /// What a mount namespace of less privilege may not take from mounts that it inherited: mount_namespaces(7).
    static let lockable: MountAttributes = times.union([.readOnly, .noSetUserID, .noDevices, .noExecution])
}

/// Flags of a source that the options want to be rid of, and the kernel does not let go.
public struct LockedFlags: Error, Hashable, Sendable, CustomStringConvertible {
    public let flags: MountAttributes
    public var description: String { "locked flags of the source: " + flags.words.joined(separator: ",") }
}

extension MountOptions {
    /// Nil when the options name no flag at all: then the mount keeps those it has.
    public var flagsOfBind: MountFlags? { namesFlags ? flagsOfRemount : nil }

    public var flagsOfRemount: MountFlags {
        MountFlags(set: attributes, clear: namesTimes ? MountFlags.all.union(MountFlags.times) : MountFlags.all)
    }

    /// The same where `source`'s flags are locked, as those of the host's mounts are in a user namespace: they stay,
    /// unless the options say in so many words that they must not.
    public func flags(lockedBy source: MountAttributes) throws(LockedFlags) -> MountFlags {
        let locked = source.intersection(MountFlags.lockable)
        let unwanted = clear.intersection(locked).union(
            changesTimes(of: source) ? locked.intersection(MountFlags.times) : [])
        guard unwanted.isEmpty, !changesTimes(of: source) else { throw LockedFlags(flags: unwanted) }
        // Access times are what they are to be already.
        return MountFlags(
            set: set.union(locked).subtracting(MountFlags.times),
            clear: flagsOfRemount.clear.subtracting(MountFlags.times))
    }

    private func changesTimes(of source: MountAttributes) -> Bool {
        let times = AccessTimes(of: source)
        if !clearedAccessTimes.isDisjoint(with: times) { return true }
        let isSame =
            accessTimes == times && set.contains(.noDirectoryAccessTime) == source.contains(.noDirectoryAccessTime)
        return namesTimes && !isSame
    }

    private var namesTimes: Bool { !accessTimes.isEmpty || set.contains(.noDirectoryAccessTime) }
}

extension MountAttributes {
    /// As the options that set them.
    var words: [String] {
        let words: [(MountAttributes, String)] = [
            (.readOnly, "ro"), (.noSetUserID, "nosuid"), (.noDevices, "nodev"), (.noExecution, "noexec"),
            (.noSymbolicLinks, "nosymfollow"), (.noAccessTime, "noatime"), (.strictAccessTime, "strictatime"),
            (.noDirectoryAccessTime, "nodiratime"),
        ]
        let named = words.filter { contains($0.0) }.map(\.1)
        return named.isEmpty ? ["relatime"] : named
    }
}
