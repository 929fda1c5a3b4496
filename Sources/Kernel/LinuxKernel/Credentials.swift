internal import CLinux
internal import Glibc

/// Capabilities of capabilities(7); bit n is capability n.
public struct CapabilitySet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Also those that no kernel has yet.
    public static let all = CapabilitySet(rawValue: .max)

    /// The numbers in the set, the lowest first.
    public var numbers: [Int] { (0..<64).filter { rawValue >> UInt64($0) & 1 == 1 } }
}

/// The three sets of a thread that capset(2) writes.
public struct ThreadCapabilities: Sendable, Hashable {
    public var effective: CapabilitySet
    public var permitted: CapabilitySet
    public var inheritable: CapabilitySet

    public init(effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet) {
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
    }
}

extension ThisProcess {
    /// What this process may make effective: capget(2), which cannot fail for oneself.
    public static var permittedCapabilities: CapabilitySet {
        var sets: (UInt64, UInt64, UInt64) = (0, 0, 0)
        _ = cl_capget(&sets.0, &sets.1, &sets.2)
        return CapabilitySet(rawValue: sets.1)
    }

    public static func setCapabilities(_ sets: ThreadCapabilities) throws(SystemError) {
        let answer = cl_capset(sets.effective.rawValue, sets.permitted.rawValue, sets.inheritable.rawValue)
        try checked(answer, "capset")
    }

    /// The highest capability that this kernel knows.
    public static func lastCapability() -> Int {
        var (low, high) = (36, 64)
        // PR_CAPBSET_READ is EINVAL for numbers that the kernel does not know.
        while low + 1 < high {
            let middle = (low + high) / 2
            if cl_prctl(PR_CAPBSET_READ, UInt(middle), 0, 0, 0) >= 0 { low = middle } else { high = middle }
        }
        return low
    }

    public static func dropFromBoundingSet(_ capability: Int) throws(SystemError) {
        try checked(cl_prctl(PR_CAPBSET_DROP, UInt(capability), 0, 0, 0), "drop capability", "\(capability)")
    }

    public static func isInBoundingSet(_ capability: Int) -> Bool {
        cl_prctl(PR_CAPBSET_READ, UInt(capability), 0, 0, 0) == 1
    }

    public static func clearAmbientSet() throws(SystemError) {
        try checked(cl_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0), "clear ambient capabilities")
    }

    public static func raiseAmbient(_ capability: Int) throws(SystemError) {
        let answer = cl_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_RAISE), UInt(capability), 0, 0)
        try checked(answer, "raise ambient capability", "\(capability)")
    }

    /// Permitted capabilities survive the change from user 0 to another (`PR_SET_KEEPCAPS`).
    public static func keepCapabilities(_ wanted: Bool) throws(SystemError) {
        try checked(cl_prctl(PR_SET_KEEPCAPS, wanted ? 1 : 0, 0, 0, 0), "PR_SET_KEEPCAPS")
    }

    public static func setNoNewPrivileges() throws(SystemError) {
        try checked(cl_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")
    }

    /// Whether others of the same user may trace us and look at our descriptors (`PR_SET_DUMPABLE`).
    public static func setDumpable(_ wanted: Bool) throws(SystemError) {
        try checked(cl_prctl(PR_SET_DUMPABLE, wanted ? 1 : 0, 0, 0, 0), "PR_SET_DUMPABLE")
    }

    /// The signal that we get when our parent ends; 0 is none.
    public static func setParentDeathSignal(_ signal: CInt) throws(SystemError) {
        try checked(cl_prctl(PR_SET_PDEATHSIG, UInt(signal), 0, 0, 0), "PR_SET_PDEATHSIG")
    }

    public static func setGroups(_ groups: [UInt32]) throws(SystemError) {
        try checked(cl_setgroups(groups.count, groups), "setgroups")
    }

    /// umask(2): returns the one that was.
    public static func replaceFileCreationMask(_ mask: UInt32) -> UInt32 { umask(mask) }

    /// Real, effective and saved.
    public static func setUser(_ user: UInt32) throws(SystemError) {
        try checked(cl_setresuid(user), "setuid", "\(user)")
    }

    public static func setGroup(_ group: UInt32) throws(SystemError) {
        try checked(cl_setresgid(group), "setgid", "\(group)")
    }

    /// keyctl(2), `KEYCTL_JOIN_SESSION_KEYRING`: the keyring of this name if we find it, or a new one. Those who have its
    /// owner's number, or with `others` anybody, may then find it by its name.
    public static func joinSessionKeyring(named name: String, foundByOthers others: Bool) throws(SystemError) {
        let key = try checked(cl_join_session_keyring(name), "join session keyring", name)
        // KEY_OTH_SEARCH and KEY_USR_SEARCH.
        try checked(cl_add_key_permissions(key, others ? 0x8 : 0x8_0000), "let session keyring be found", name)
    }
}
