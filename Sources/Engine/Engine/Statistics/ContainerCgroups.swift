internal import LinuxKernel

/// Where the accounts of a container's cgroups are, of whichever version. Pure but for ``of(_:named:)``.
struct ContainerCgroups: Sendable, Hashable {
    /// Directories by controller; all are in the one of `""` on cgroup v2.
    private let directories: [String: String]
    /// The one hierarchy of cgroup v2, or those of v1.
    let isUnified: Bool

    /// Those of the process `pid` of container `id`; nil when it is gone.
    static func of(_ pid: Int32, named id: String) -> ContainerCgroups? {
        let here = Descriptor.workingDirectory
        guard let list = try? here.readFile("/proc/\(pid)/cgroup", limit: 1 << 16) else { return nil }
        let isUnified = (try? here.exists("/sys/fs/cgroup/cgroup.controllers")) == true
        return ContainerCgroups(String(decoding: list, as: UTF8.self), of: id, isUnified: isUnified)
    }

    /// cgroups(7), "/proc/[pid]/cgroup": `HIERARCHY:CONTROLLERS:PATH`, a line each. What a process of the container
    /// made below the container's own cgroup is cut off: the name of that has the container's ID.
    init(_ list: String, of id: String, isUnified: Bool) {
        self.isUnified = isUnified
        var directories: [String: String] = [:]
        for line in list.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let path = Self.own(parts[2], id) else { continue }
            if isUnified, parts[0] == "0" { directories[""] = "/sys/fs/cgroup" + path }
            for controller in isUnified ? [] : parts[1].split(separator: ",") {
                directories[String(controller)] = "/sys/fs/cgroup/\(controller)" + path
            }
        }
        self.directories = directories
    }

    private static func own(_ path: Substring, _ id: String) -> String? {
        let names = path.split(separator: "/")
        guard let last = names.firstIndex(where: { $0.contains(id) }) else { return nil }
        return "/" + names[...last].joined(separator: "/")
    }

    /// A file of a controller's; nil where the machine has no such controller.
    func path(_ controller: String, _ file: String) -> String? {
        directories[isUnified ? "" : controller].map { "\($0)/\(file)" }
    }
}
