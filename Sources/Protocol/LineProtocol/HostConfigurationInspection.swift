extension ContainerInspection {
    /// docker's `HostConfig`: what was asked for that concerns the host.
    public struct HostConfiguration: Codable, Sendable {
        public var binds: [String]
        public var networkMode: String
        public var restartPolicy: Restart
        public var autoRemove: Bool
        public var addedCapabilities: [String]?
        public var droppedCapabilities: [String]?
        public var groups: [String]?
        public var oomScoreAdjustment = 0
        public var privileged = false
        public var readOnlyRoot = false
        public var securityOptions: [String]?
        public var temporaryFilesystems: [String: String]?
        public var sysctls: [String: String]?
        public var runsInit: Bool?
        public var devices: [Device] = []
        public var deviceRules: [String]?
        public var limits: [Limit] = []
        public var maskedPaths: [String] = []
        public var readOnlyPaths: [String] = []

        enum CodingKeys: String, CodingKey {
            case binds = "Binds"
            case networkMode = "NetworkMode"
            case restartPolicy = "RestartPolicy"
            case autoRemove = "AutoRemove"
            case addedCapabilities = "CapAdd"
            case droppedCapabilities = "CapDrop"
            case groups = "GroupAdd"
            case oomScoreAdjustment = "OomScoreAdj"
            case privileged = "Privileged"
            case readOnlyRoot = "ReadonlyRootfs"
            case securityOptions = "SecurityOpt"
            case temporaryFilesystems = "Tmpfs"
            case sysctls = "Sysctls"
            case runsInit = "Init"
            case devices = "Devices"
            case deviceRules = "DeviceCgroupRules"
            case limits = "Ulimits"
            case maskedPaths = "MaskedPaths"
            case readOnlyPaths = "ReadonlyPaths"
        }

        public init(binds: [String], networkMode: String, restartPolicy: RestartPolicy, autoRemove: Bool) {
            self.binds = binds
            self.networkMode = networkMode
            self.restartPolicy = Restart(restartPolicy)
            self.autoRemove = autoRemove
        }

        public struct Restart: Codable, Sendable {
            public var name: RestartPolicy.Name
            public var maximumRetryCount: Int

            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case maximumRetryCount = "MaximumRetryCount"
            }

            public init(_ policy: RestartPolicy) {
                name = policy.name
                maximumRetryCount = policy.maximumRetryCount
            }
        }

        public struct Device: Codable, Sendable {
            public var source: String
            public var target: String
            public var access: String

            enum CodingKeys: String, CodingKey {
                case source = "PathOnHost"
                case target = "PathInContainer"
                case access = "CgroupPermissions"
            }

            public init(_ device: ContainerSecurity.Device) {
                source = device.source
                target = device.target
                access = device.access
            }
        }

        public struct Limit: Codable, Sendable {
            public var name: String
            public var soft: Int64
            public var hard: Int64

            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case soft = "Soft"
                case hard = "Hard"
            }

            public init(_ limit: ProcessLimit) {
                name = limit.name
                soft = limit.soft
                hard = limit.hard
            }
        }
    }
}
