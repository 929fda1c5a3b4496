internal import LinuxKernel

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
        guard let record = MountRecord(line) else { return nil }
        switch record.type {
        case "cgroup": isUnified = false
        case "cgroup2": isUnified = true
        default: return nil
        }
        root = record.root
        mountPoint = record.mountPoint
        options = record.options
    }

    /// Every cgroup mount of `text`, in the order in which they were made.
    static func parse(_ text: String) -> [CgroupMount] {
        text.pieces(at: "\n").compactMap(CgroupMount.init)
    }
}

/// A line of `/proc/pid/cgroup`: cgroups(7).
struct Membership: Hashable {
    /// Empty for the unified hierarchy; `name=systemd` for a hierarchy without controllers.
    let controllers: [String]
    let path: String
    var isUnified: Bool { controllers.isEmpty }

    init?(_ line: Substring) {
        let fields = line.pieces(at: ":", omittingEmpty: false)
        guard fields.count >= 3, CgroupPath.isAbsolute(String(fields[2])) else { return nil }
        controllers = fields[1].pieces(at: ",").map(String.init)
        // A path may have colons of its own.
        path = String(line[fields[2].startIndex...])
    }

    static func parse(_ text: String) -> [Membership] {
        text.pieces(at: "\n").compactMap(Membership.init)
    }
}
