internal import RuntimeSpec

/// A controller of cgroup v1: what it is asked for, and what it tells.
protocol LegacyController: SendableMetatype {
    static var name: String { get }
    /// The controller of the unified hierarchy that does the same.
    static var unifiedName: String { get }
    static func isNeeded(by resources: Resources) -> Bool
    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError)
    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError)
}

extension LegacyController {
    static var unifiedName: String { name }
    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {}
}

enum LegacyControllers {
    static let all: [any LegacyController.Type] = [
        LegacyCpuset.self, LegacyMemory.self, LegacyCPU.self, LegacyCpuacct.self, LegacyPids.self, LegacyBlkio.self,
        LegacyHugetlb.self, LegacyNetworkClass.self, LegacyNetworkPriority.self, LegacyRDMA.self,
    ]
}
