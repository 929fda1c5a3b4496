internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/rdma.rst and cgroup-v2.rst, "RDMA": the same files on both.
enum RDMALimits {
    static func isNeeded(by resources: Resources) -> Bool { resources.rdma?.isEmpty == false }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        for (device, limits) in (resources.rdma ?? [:]).sorted(by: { $0.key < $1.key }) {
            var line = device
            if let handles = limits.hcaHandles { line += " hca_handle=\(handles)" }
            if let objects = limits.hcaObjects { line += " hca_object=\(objects)" }
            try directory.write("rdma.max", line)
        }
    }
}

enum LegacyRDMA: LegacyController {
    static let name = "rdma"
    static func isNeeded(by resources: Resources) -> Bool { RDMALimits.isNeeded(by: resources) }
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        try RDMALimits.apply(resources, to: directory)
    }
}

enum UnifiedRDMA: UnifiedController {
    static let name = "rdma"
    static func isNeeded(by resources: Resources) -> Bool { RDMALimits.isNeeded(by: resources) }
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        try RDMALimits.apply(resources, to: directory)
    }
}
