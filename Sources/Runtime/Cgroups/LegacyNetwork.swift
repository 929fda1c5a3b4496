internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/net_cls.rst; config-linux.md, "Network".
enum LegacyNetworkClass: LegacyController {
    static let name = "net_cls"

    static func isNeeded(by resources: Resources) -> Bool { resources.network?.classID ?? 0 != 0 }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let classID = resources.network?.classID, classID != 0 else { return }
        try directory.write("net_cls.classid", "\(classID)")
    }
}

/// Documentation/admin-guide/cgroup-v1/net_prio.rst; config-linux.md, "Network".
enum LegacyNetworkPriority: LegacyController {
    static let name = "net_prio"

    static func isNeeded(by resources: Resources) -> Bool { resources.network?.priorities?.isEmpty == false }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        for interface in resources.network?.priorities ?? [] {
            try directory.write("net_prio.ifpriomap", "\(interface.name) \(interface.priority)")
        }
    }
}
