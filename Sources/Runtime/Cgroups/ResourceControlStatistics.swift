/// What resctrl tells of a container's class of service: the kernel's documentation, "User Interface for Resource
/// Control feature". What the machine cannot divide or count is nil or empty.
public struct ResourceControlStatistics: Hashable, Sendable {
    public var cache: Cache?
    /// The line of the file `schemata` in the class that everybody is in.
    public var cacheSchemaOfAll = ""
    public var cacheSchema = ""
    public var bandwidth: Bandwidth?
    public var bandwidthSchemaOfAll = ""
    public var bandwidthSchema = ""
    /// All lines of the class's own.
    public var schemata: [String] = []
    /// By cache.
    public var traffic: [Traffic]?
    public var occupancy: [Occupancy]?

    public init() {}

    /// `info/L3`.
    public struct Cache: Hashable, Sendable {
        public var mask: String
        public var fewestBits: UInt64
        public var classes: UInt64

        public init(mask: String, fewestBits: UInt64, classes: UInt64) {
            (self.mask, self.fewestBits, self.classes) = (mask, fewestBits, classes)
        }
    }

    /// `info/MB`, in percent.
    public struct Bandwidth: Hashable, Sendable {
        public var granularity: UInt64
        public var isLinear: UInt64
        public var least: UInt64
        public var classes: UInt64

        public init(granularity: UInt64, isLinear: UInt64, least: UInt64, classes: UInt64) {
            (self.granularity, self.isLinear, self.least, self.classes) = (granularity, isLinear, least, classes)
        }
    }

    /// Bytes between a cache and the memory, and those of them to memory of its own node.
    public struct Traffic: Hashable, Sendable {
        public var total: UInt64
        public var local: UInt64

        public init(total: UInt64, local: UInt64) { (self.total, self.local) = (total, local) }
    }

    /// Bytes of a cache that the class fills.
    public struct Occupancy: Hashable, Sendable {
        public var bytes: UInt64

        public init(bytes: UInt64) { self.bytes = bytes }
    }
}
