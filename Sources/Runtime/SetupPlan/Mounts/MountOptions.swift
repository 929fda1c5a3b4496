public import LinuxKernel

/// A mount's options by what they act on.
public struct MountOptions: Hashable, Sendable {
    public struct PropagationChange: Hashable, Sendable {
        public let propagation: Propagation
        public let recursively: Bool
    }

    /// Of this mount, without its access times.
    public internal(set) var set: MountAttributes = []
    /// Those that some word says must not be set.
    public internal(set) var clear: MountAttributes = []
    var accessTimes: AccessTimes = []
    var clearedAccessTimes: AccessTimes = []
    /// Some word is one of mount(8)'s for all file systems.
    public internal(set) var namesFlags = false
    /// Of this mount and all below it: `rro` and so on.
    public internal(set) var recursiveSet: MountAttributes = []
    public internal(set) var recursiveClear: MountAttributes = []
    public internal(set) var propagation: [PropagationChange] = []
    /// Flags of the file system itself: `sync`, `lazytime`.
    public internal(set) var filesystemFlags: [String] = []
    /// What the file system alone understands, `size=64m`.
    public internal(set) var data: [String] = []
    public internal(set) var isBind = false
    public internal(set) var bindsRecursively = false
    public internal(set) var isRemount = false
    /// Copies what is at the destination into the new tmpfs.
    public internal(set) var copiesUp = false
    /// `idmap` or `ridmap`: false or true.
    public internal(set) var mapsIDsRecursively: Bool?

    /// Of a mount that is new.
    public var attributes: MountAttributes { accessTimes.attribute.union(set) }

    /// The names in `mounts[].options` are those of mount(8) and config-linux.md; what is not known is the file
    /// system's own.
    public init(_ names: [String]) {
        for name in names { apply(name) }
    }

    private mutating func apply(_ name: String) {
        if let attribute = Self.attributes[name] {
            attribute.change(&set, &clear)
            namesFlags = true
        } else if let change = Self.recursiveChange(name) {
            change.change(&recursiveSet, &recursiveClear)
        } else if let propagation = Self.propagations[name] {
            self.propagation.append(propagation)
        } else if let (flag, isWanted) = Self.filesystemFlagNames[name] {
            filesystemFlags.removeAll { $0 == flag }
            if isWanted { filesystemFlags.append(flag) }
            namesFlags = true
        } else if !applyAccessTime(name) {
            applyWord(name)
        }
    }

    private mutating func applyAccessTime(_ name: String) -> Bool {
        guard let (kind, isWanted) = Self.accessTimeNames[name] else { return false }
        if isWanted { accessTimes.insert(kind) } else { accessTimes.remove(kind) }
        if isWanted { clearedAccessTimes.remove(kind) } else { clearedAccessTimes.insert(kind) }
        namesFlags = true
        return true
    }

    private mutating func applyWord(_ name: String) {
        switch name {
        case "bind": isBind = true
        case "rbind": (isBind, bindsRecursively) = (true, true)
        case "remount": isRemount = true
        case "tmpcopyup": copiesUp = true
        case "idmap": mapsIDsRecursively = false
        case "ridmap": mapsIDsRecursively = true
        // Whether the kernel's log tells of errors; fsconfig(2) has its own.
        case "silent", "loud": namesFlags = true
        case "defaults", "": break
        default: data.append(name)
        }
    }
}

// MARK: The words

extension MountOptions {
    struct AttributeChange {
        let sets: MountAttributes
        /// What it takes back of earlier words.
        let unsets: MountAttributes
        let clears: MountAttributes

        static func on(_ attribute: MountAttributes) -> AttributeChange {
            AttributeChange(sets: attribute, unsets: [], clears: [])
        }
        static func off(_ attribute: MountAttributes) -> AttributeChange {
            AttributeChange(sets: [], unsets: attribute, clears: attribute)
        }
        /// One kind takes the place of the others: mount_setattr(2) wants all of their bits cleared.
        static func accessTime(_ kind: MountAttributes) -> AttributeChange {
            AttributeChange(sets: kind, unsets: .accessTimeKinds, clears: .accessTimeKinds)
        }
        static func notAccessTime(_ kind: MountAttributes) -> AttributeChange {
            AttributeChange(sets: [], unsets: kind, clears: .accessTimeKinds)
        }

        func change(_ set: inout MountAttributes, _ clear: inout MountAttributes) {
            set.subtract(unsets)
            set.formUnion(sets)
            clear.subtract(sets.subtracting(.accessTimeKinds))
            clear.formUnion(clears)
        }
    }

    static let attributes: [String: AttributeChange] = [
        "ro": .on(.readOnly), "rw": .off(.readOnly),
        "nosuid": .on(.noSetUserID), "suid": .off(.noSetUserID),
        "nodev": .on(.noDevices), "dev": .off(.noDevices),
        "noexec": .on(.noExecution), "exec": .off(.noExecution),
        "nodiratime": .on(.noDirectoryAccessTime), "diratime": .off(.noDirectoryAccessTime),
        "nosymfollow": .on(.noSymbolicLinks), "symfollow": .off(.noSymbolicLinks),
    ]

    static let accessTimeNames: [String: (AccessTimes, Bool)] = [
        "noatime": (.never, true), "atime": (.never, false),
        "relatime": (.relative, true), "norelatime": (.relative, false),
        "strictatime": (.strict, true), "nostrictatime": (.strict, false),
    ]

    /// With `AT_RECURSIVE` of mount_setattr(2). What is neither `noatime` nor `strictatime` is relative.
    private static let recursiveAccessTimes: [String: AttributeChange] = [
        "rnoatime": .accessTime(.noAccessTime), "ratime": .notAccessTime(.noAccessTime),
        "rrelatime": .accessTime([]), "rnorelatime": .notAccessTime([]),
        "rstrictatime": .accessTime(.strictAccessTime), "rnostrictatime": .notAccessTime(.strictAccessTime),
    ]

    private static func recursiveChange(_ name: String) -> AttributeChange? {
        guard name.hasPrefix("r") else { return nil }
        return recursiveAccessTimes[name] ?? attributes[String(name.dropFirst())]
    }

    static let propagations: [String: PropagationChange] = {
        var words: [String: PropagationChange] = [:]
        let kinds: [(String, Propagation)] = [
            ("private", .private), ("shared", .shared), ("slave", .slave), ("unbindable", .unbindable),
        ]
        for (name, kind) in kinds {
            words[name] = PropagationChange(propagation: kind, recursively: false)
            words["r" + name] = PropagationChange(propagation: kind, recursively: true)
        }
        return words
    }()

    /// The flag's name for fsconfig(2), and whether it is to be set.
    static let filesystemFlagNames: [String: (String, Bool)] = [
        "sync": ("sync", true), "async": ("sync", false), "dirsync": ("dirsync", true),
        "lazytime": ("lazytime", true), "nolazytime": ("lazytime", false), "mand": ("mand", true),
        "nomand": ("mand", false), "iversion": ("iversion", true), "noiversion": ("iversion", false),
    ]

    /// Every word that is understood here: features.md, "mountOptions".
    public static var knownNames: [String] {
        let own = Array(attributes.keys) + Array(accessTimeNames.keys)
        let recursive = own.map { "r" + $0 }
        let words = ["bind", "rbind", "remount", "tmpcopyup", "idmap", "ridmap", "defaults", "silent", "loud"]
        return (own + recursive + Array(propagations.keys) + Array(filesystemFlagNames.keys) + words).sorted()
    }
}
