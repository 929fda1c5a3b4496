internal import LinuxKernel
internal import SetupPlan

/// What `update` changes of a container's class of service.
public struct CacheSchemas: Hashable, Sendable {
    /// `L3:0=7f0;1=1f`
    public var cache: String?
    /// `MB:0=20;1=70`
    public var bandwidth: String?

    public init(cache: String? = nil, bandwidth: String? = nil) {
        self.cache = cache
        self.bandwidth = bandwidth
    }
}

extension ResourceControl {
    /// Refuses what cannot be, and returns what does the rest.
    static func sharing(_ schemas: CacheSchemas, of group: ResourceControlGroup?) throws(RuntimeError) -> ()
        throws(RuntimeError) -> Void
    {
        let root = schemas == CacheSchemas() ? "" : (group?.root ?? (try? root()) ?? "")
        let actions = try schemas.actions(in: group) { name in
            (try? Descriptor.workingDirectory.exists("\(root)/info/\(name)")) == true
        }
        return { () throws(RuntimeError) in
            guard let group else { return }
            for action in actions { try perform(action, group) }
        }
    }
}

extension CacheSchemas {
    /// `divides` tells whether the machine can divide a resource. The words are runc's.
    func actions(in group: ResourceControlGroup?, divides: (String) -> Bool) throws(RuntimeError)
        -> [ResourceControlAction]
    {
        let lines = [cache, bandwidth].compactMap { $0 }
        if lines.isEmpty { return [] }
        if cache != nil, !divides("L3") {
            throw RuntimeError(.notSupported, "Intel RDT/CAT: l3 cache schema is not enabled")
        }
        if bandwidth != nil, !divides("MB") {
            throw RuntimeError(.notSupported, "Intel RDT/MBA: memory bandwidth schema is not enabled")
        }
        guard let group else {
            throw RuntimeError(
                .wrongState,
                "updating a non-existent Intel RDT configuration is not supported: create the container with intelRdt")
        }
        guard cache?.hasPrefix("L3") ?? true, bandwidth?.hasPrefix("MB:") ?? true,
            !lines.contains(where: { $0.contains("\n") })
        else { throw RuntimeError(.invalidConfiguration, "a schema is one line: L3:0=7f0;1=1f, or MB:0=20;1=70") }
        return [.write(lines.map { $0 + "\n" }.joined(), to: group.path + "/schemata")]
    }
}
