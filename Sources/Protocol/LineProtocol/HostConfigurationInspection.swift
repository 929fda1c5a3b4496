extension ContainerInspection {
    /// docker's `HostConfig`: what was asked for that concerns the host.
    public struct HostConfiguration: Codable, Sendable {
        public var binds: [String]
        public var networkMode: String
        public var restartPolicy: Restart
        public var autoRemove: Bool
        public var pidMode = ""
        public var ipcMode = "private"
        public var utsMode = ""
        public var userMode = ""
        public var cgroupMode = ""
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
        public var sharedMemorySize: Int64 = 0
        public var cgroupParent = ""
        public var memory: Int64 = 0
        public var memorySwap: Int64 = 0
        public var memoryReservation: Int64 = 0
        public var memorySwappiness: Int64?
        public var outOfMemoryKillerIsOff = false
        public var nanoCPUs: Int64 = 0
        public var cpuShares: Int64 = 0
        public var cpuPeriod: Int64 = 0
        public var cpuQuota: Int64 = 0
        public var cpuRealtimePeriod: Int64 = 0
        public var cpuRealtimeRuntime: Int64 = 0
        public var cpusetCPUs = ""
        public var cpusetMemoryNodes = ""
        public var processes: Int64?
        public var blockWeight: Int64 = 0
        public var blockDeviceWeights: [DeviceWeight] = []
        public var readBytes: [DeviceRate] = []
        public var writeBytes: [DeviceRate] = []
        public var readOperations: [DeviceRate] = []
        public var writeOperations: [DeviceRate] = []

        enum CodingKeys: String, CodingKey {
            case binds = "Binds"
            case networkMode = "NetworkMode"
            case restartPolicy = "RestartPolicy"
            case autoRemove = "AutoRemove"
            case pidMode = "PidMode"
            case ipcMode = "IpcMode"
            case utsMode = "UTSMode"
            case userMode = "UsernsMode"
            case cgroupMode = "CgroupnsMode"
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
            case sharedMemorySize = "ShmSize"
            case cgroupParent = "CgroupParent"
            case memory = "Memory"
            case memorySwap = "MemorySwap"
            case memoryReservation = "MemoryReservation"
            case memorySwappiness = "MemorySwappiness"
            case outOfMemoryKillerIsOff = "OomKillDisable"
            case nanoCPUs = "NanoCpus"
            case cpuShares = "CpuShares"
            case cpuPeriod = "CpuPeriod"
            case cpuQuota = "CpuQuota"
            case cpuRealtimePeriod = "CpuRealtimePeriod"
            case cpuRealtimeRuntime = "CpuRealtimeRuntime"
            case cpusetCPUs = "CpusetCpus"
            case cpusetMemoryNodes = "CpusetMems"
            case processes = "PidsLimit"
            case blockWeight = "BlkioWeight"
            case blockDeviceWeights = "BlkioWeightDevice"
            case readBytes = "BlkioDeviceReadBps"
            case writeBytes = "BlkioDeviceWriteBps"
            case readOperations = "BlkioDeviceReadIOps"
            case writeOperations = "BlkioDeviceWriteIOps"
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

        public struct DeviceRate: Codable, Sendable {
            public var path: String
            public var rate: UInt64

            enum CodingKeys: String, CodingKey {
                case path = "Path"
                case rate = "Rate"
            }

            public init(_ device: ContainerResources.DeviceNumber) { (path, rate) = (device.path, device.number) }
        }

        public struct DeviceWeight: Codable, Sendable {
            public var path: String
            public var weight: UInt64

            enum CodingKeys: String, CodingKey {
                case path = "Path"
                case weight = "Weight"
            }

            public init(_ device: ContainerResources.DeviceNumber) { (path, weight) = (device.path, device.number) }
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
