internal import LineProtocol
internal import RuntimeSpec

/// docker's rules for `--tmpfs PATH[:OPTIONS]`: `noexec,nosuid,nodev` unless told otherwise. Pure.
enum TemporaryFilesystemRules {
    /// Flags of mount(8) and what each takes back.
    private static let opposites = [
        "ro": "rw", "suid": "nosuid", "dev": "nodev", "exec": "noexec", "async": "sync", "atime": "noatime",
        "diratime": "nodiratime", "norelatime": "relatime", "nostrictatime": "strictatime",
    ]
    private static let flags = Set(opposites.keys).union(opposites.values)
    /// tmpfs(5).
    private static let keys: Set<String> = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]

    static func mounts(_ wanted: [String: String]) throws(ProtocolFailure) -> [Mount] {
        var mounts: [Mount] = []
        for (path, options) in wanted.sorted(by: { $0.key < $1.key }) {
            mounts.append(
                Mount(
                    destination: try target(path), type: "tmpfs", source: "tmpfs",
                    options: try merged(options, path)))
        }
        return mounts
    }

    /// Where it goes: absolute, and not the root.
    static func target(_ path: String) throws(ProtocolFailure) -> String {
        guard let target = MountRules.normalized(path), target != "/" else {
            throw ProtocolFailure(
                .invalidArgument, "--tmpfs: invalid mount path: '\(path)' must be absolute, and not '/'")
        }
        return target
    }

    /// The last of several that say the same thing counts.
    private static func merged(_ text: String, _ path: String) throws(ProtocolFailure) -> [String] {
        var options = ["noexec", "nosuid", "nodev"]
        for option in text.split(separator: ",").map(String.init) where option != "defaults" {
            let key = option.prefix { $0 != "=" }
            if flags.contains(option) {
                options.removeAll { $0 == option || opposites[$0] == option || opposites[option] == $0 }
            } else if keys.contains(String(key)), option.count > key.count + 1 {
                options.removeAll { $0.hasPrefix(key + "=") }
            } else {
                throw ProtocolFailure(.invalidArgument, "--tmpfs \(path): invalid tmpfs option \"\(option)\"")
            }
            options.append(option)
        }
        return options
    }
}
