internal import Cgroups
public import RuntimeSpec

extension RuntimeRoot {
    /// Sets the limits that `resources` name, and leaves the others as they are. Devices are not touched: what else may
    /// have been allowed since is not known here.
    public func update(_ id: String, _ resources: Resources) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.created, .running, .paused], to: "update")
        let warnings = try withCgroups { () throws(CgroupError) in
            try container.cgroups.apply(resources, devices: .untouched)
        }
        for warning in warnings { log.warn(warning) }
    }
}
