public import LinuxKernel

/// A mount's options by what they act on.
public struct MountOptions: Hashable, Sendable {
    public struct PropagationChange: Hashable, Sendable {
        public let propagation: Propagation
        public let recursively: Bool
    }

    /// Of this mount.
    public internal(set) var set: MountAttributes = []
    public internal(set) var clear: MountAttributes = []
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

    /// The names in `mounts[].options` are those of mount(8) and config-linux.md; what is not known is the file
    /// system's own.
    public init(_ names: [String]) {
        for name in names { apply(name) }
    }

    private mutating func apply(_ name: String) {
        if let attribute = Self.attributes[name] {
            change(attribute, in: &set, &clear)
        } else if name.hasPrefix("r"), let attribute = Self.attributes[String(name.dropFirst())] {
            change(attribute, in: &recursiveSet, &recursiveClear)
        } else if let propagation = Self.propagations[name] {
            self.propagation.append(propagation)
        } else if let flag = Self.filesystemFlagNames[name] {
            if let flag { filesystemFlags.append(flag) }
        } else {
            applyWord(name)
        }
    }

    private mutating func applyWord(_ name: String) {
        switch name {
        case "bind": isBind = true
        case "rbind": (isBind, bindsRecursively) = (true, true)
        case "remount": isRemount = true
        case "tmpcopyup": copiesUp = true
        case "idmap": mapsIDsRecursively = false
        case "ridmap": mapsIDsRecursively = true
        case "defaults", "": break
        default: data.append(name)
        }
    }

    private func change(_ change: AttributeChange, in set: inout MountAttributes, _ clear: inout MountAttributes) {
        set.subtract(change.clears)
        set.formUnion(change.sets)
        clear.formUnion(change.clears)
    }
}

// MARK: The words

extension MountOptions {
    struct AttributeChange {
        let sets: MountAttributes
        let clears: MountAttributes
    }

    private static func on(_ attribute: MountAttributes) -> AttributeChange {
        AttributeChange(sets: attribute, clears: [])
    }
    private static func off(_ attribute: MountAttributes) -> AttributeChange {
        AttributeChange(sets: [], clears: attribute)
    }
    /// One kind of access time takes the place of the others.
    private static func accessTime(_ kind: MountAttributes) -> AttributeChange {
        AttributeChange(sets: kind, clears: .accessTimeKinds)
    }

    static let attributes: [String: AttributeChange] = [
        "ro": on(.readOnly), "rw": off(.readOnly),
        "nosuid": on(.noSetUserID), "suid": off(.noSetUserID),
        "nodev": on(.noDevices), "dev": off(.noDevices),
        "noexec": on(.noExecution), "exec": off(.noExecution),
        "nodiratime": on(.noDirectoryAccessTime), "diratime": off(.noDirectoryAccessTime),
        "nosymfollow": on(.noSymbolicLinks), "symfollow": off(.noSymbolicLinks),
        "noatime": accessTime(.noAccessTime), "atime": accessTime([]),
        "strictatime": accessTime(.strictAccessTime), "nostrictatime": accessTime([]),
        "relatime": accessTime([]), "norelatime": accessTime(.strictAccessTime),
    ]

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

    /// The value is the flag's name for fsconfig(2); nil says that the default is meant.
    static let filesystemFlagNames: [String: String?] = [
        "sync": "sync", "async": nil, "dirsync": "dirsync", "lazytime": "lazytime", "nolazytime": nil,
        "mand": "mand", "nomand": nil, "iversion": "iversion", "noiversion": nil, "silent": nil, "loud": nil,
        "acl": "acl", "noacl": "noacl",
    ]

    /// Every word that is understood here: features.md, "mountOptions".
    public static var knownNames: [String] {
        let recursive = attributes.keys.map { "r" + $0 }
        let words = ["bind", "rbind", "remount", "tmpcopyup", "idmap", "ridmap", "defaults"]
        return (Array(attributes.keys) + recursive + Array(propagations.keys) + Array(filesystemFlagNames.keys) + words)
            .sorted()
    }
}
