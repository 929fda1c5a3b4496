internal import Cgroups
public import RuntimeSpec

extension RuntimeRoot {
    /// Sets the limits that `resources` name, and leaves the others as they are. Devices are not touched: what else may
    /// have been allowed since is not known here.
    public func update(_ id: String, _ resources: Resources, _ schemas: CacheSchemas = CacheSchemas())
        throws(RuntimeError)
    {
        let container = try FoundContainer(id, in: self)
        try container.require([.created, .running, .paused], to: "update")
        let sharing = try ResourceControl.sharing(schemas, of: container.stored.resourceControl)
        let warnings = try withCgroups { () throws(CgroupError) in
            try container.cgroups.apply(resources, devices: .untouched)
        }
        try sharing()
        for warning in warnings { log.warn(warning) }
    }
}
