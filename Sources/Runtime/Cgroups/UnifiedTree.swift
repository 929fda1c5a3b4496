internal import LinuxKernel
internal import RuntimeSpec

/// A controller of the unified hierarchy: what it is asked for, and what it tells.
protocol UnifiedController: SendableMetatype {
    static var name: String { get }
    static func isNeeded(by resources: Resources) -> Bool
    /// Whether it manages processes as a whole, and so cannot work in a threaded cgroup.
    static var isDomain: Bool { get }
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError)
    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError)
}

extension UnifiedController {
    static var isDomain: Bool { true }
    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {}
}

/// What holds for the unified hierarchy as a whole.
enum UnifiedTree {
    static let controllers: [any UnifiedController.Type] = [
        UnifiedPids.self, UnifiedMemory.self, UnifiedIO.self, UnifiedCPU.self, UnifiedCpuset.self,
        UnifiedHugetlb.self, UnifiedRDMA.self,
    ]

    /// Gives the children of `directory` every controller that it has itself. Those that it may not give are found
    /// missing, and named, when a limit needs them.
    static func enableControllers(_ directory: CgroupDirectory) {
        guard let available = try? directory.read("cgroup.controllers").fields, !available.isEmpty else { return }
        let enabled = Set((try? directory.read("cgroup.subtree_control").fields) ?? [])
        let missing = available.filter { !enabled.contains($0) }.map { "+" + $0 }
        if missing.isEmpty { return }
        if (try? directory.write("cgroup.subtree_control", missing.joined(separator: " "))) != nil { return }
        for controller in missing { try? directory.write("cgroup.subtree_control", controller) }
    }

    /// cgroup-v2.rst, "Threads": what lies below a cgroup with processes of its own is an invalid domain.
    static func checkType(of directory: CgroupDirectory) throws(CgroupError) {
        switch (try directory.readIfPresent("cgroup.type") ?? "domain").trimmed {
        case "domain invalid":
            throw CgroupError(
                .state,
                "cannot enter cgroupv2 \(directory.path) with domain controllers -- it is in an invalid state: "
                    + "a cgroup above it is threaded")
        case "threaded":
            throw CgroupError(
                .state, "cannot enter cgroupv2 \(directory.path) with domain controllers -- it is in threaded mode")
        default: return
        }
    }

    static func hasControlledChildren(_ directory: CgroupDirectory) -> Bool {
        ((try? directory.read("cgroup.subtree_control"))?.trimmed.isEmpty) == false
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        let available = Set(try directory.read("cgroup.controllers").fields)
        for controller in controllers where controller.isNeeded(by: resources) {
            guard available.contains(controller.name) else {
                throw CgroupError(
                    .unavailable,
                    "cannot set \(controller.name) limit: cgroup \(directory.path) has no controller "
                        + "\"\(controller.name)\": enable it in cgroup.subtree_control of the cgroups above")
            }
            try controller.apply(resources, to: directory)
        }
        try applyUnified(resources.unified ?? [:], to: directory, available: available)
    }

    /// config-linux.md, "Unified": file names and what to write into them, several lines one after the other.
    private static func applyUnified(_ files: [String: String], to directory: CgroupDirectory, available: Set<String>)
        throws(CgroupError)
    {
        for (name, value) in files.sorted(by: { $0.key < $1.key }) {
            guard !name.contains("/"), let dot = name.firstIndex(of: ".") else {
                throw CgroupError(.invalid, "unified resource \"\(name)\" must be in the form CONTROLLER.PARAMETER")
            }
            do {
                for line in value.split(separator: "\n") { try directory.write(name, String(line)) }
            } catch {
                let controller = String(name[..<dot])
                if error.isPermission || error.isMissing, controller != "cgroup", !available.contains(controller) {
                    throw CgroupError(
                        .unavailable,
                        "unified resource \"\(name)\" can't be set: controller \"\(controller)\" not available")
                }
                throw CgroupError(.system, "unable to set unified resource \"\(name)\": \(error)")
            }
        }
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        for controller in controllers { try controller.read(from: directory, into: &statistics) }
    }
}
