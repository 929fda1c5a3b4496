/// A line of proc_pid_mountinfo(5) that shows a cgroup file system.
struct CgroupMount: Hashable {
    /// The cgroup that the mount point shows; `/` is the hierarchy's own root.
    let root: String
    let mountPoint: String
    let isUnified: Bool
    /// Of the superblock: `rw`, `cpu`, `cpuacct`, `name=systemd`, …
    let options: [String]

    /// Nil for every other file system, and for a line that cannot be read.
    init?(_ line: Substring) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        switch fields[dash + 1] {
        case "cgroup": isUnified = false
        case "cgroup2": isUnified = true
        default: return nil
        }
        root = Self.unescape(fields[3])
        mountPoint = Self.unescape(fields[4])
        options = fields[dash + 3].split(separator: ",").map(String.init)
    }

    /// Every cgroup mount of `text`, in the order in which they were made.
    static func parse(_ text: String) -> [CgroupMount] {
        text.split(separator: "\n").compactMap(CgroupMount.init)
    }

    /// Undoes the kernel's octal escapes of space, tab, newline and backslash.
    private static func unescape(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A line of `/proc/pid/cgroup`: cgroups(7).
struct Membership: Hashable {
    /// Empty for the unified hierarchy; `name=systemd` for a hierarchy without controllers.
    let controllers: [String]
    let path: String
    var isUnified: Bool { controllers.isEmpty }

    init?(_ line: Substring) {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, fields[2].hasPrefix("/") else { return nil }
        controllers = fields[1].split(separator: ",").map(String.init)
        path = String(fields[2])
    }

    static func parse(_ text: String) -> [Membership] {
        text.split(separator: "\n").compactMap(Membership.init)
    }
}
