public import LinuxKernel

/// `inspect` of a container. Names and shape are docker's, since scripts and templates know them.
public struct ContainerInspection: Codable, Sendable {
    public var id: String
    public var created: Timestamp
    public var path: String
    public var arguments: [String]
    public var state: State
    public var image: String
    public var logPath: String
    /// With a leading slash.
    public var name: String
    /// How often its policy has started it since somebody did.
    public var restartCount: Int
    public var driver: String
    public var platform = "linux"
    public var hostConfiguration: HostConfiguration
    public var mounts: [MountPoint]
    public var configuration: Configuration
    public var hostnamePath: String
    public var hostsPath: String
    public var resolvConfPath: String

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case created = "Created"
        case path = "Path"
        case arguments = "Args"
        case state = "State"
        case image = "Image"
        case logPath = "LogPath"
        case name = "Name"
        case restartCount = "RestartCount"
        case driver = "Driver"
        case platform = "Platform"
        case hostConfiguration = "HostConfig"
        case mounts = "Mounts"
        case configuration = "Config"
        case hostnamePath = "HostnamePath"
        case hostsPath = "HostsPath"
        case resolvConfPath = "ResolvConfPath"
    }

    public init(
        id: String, created: Timestamp, path: String, arguments: [String], state: State, image: String,
        logPath: String, name: String, restartCount: Int = 0, driver: String, hostConfiguration: HostConfiguration,
        mounts: [MountPoint],
        configuration: Configuration, hostnamePath: String, hostsPath: String, resolvConfPath: String
    ) {
        self.id = id
        self.created = created
        self.path = path
        self.arguments = arguments
        self.state = state
        self.image = image
        self.logPath = logPath
        self.name = name
        self.restartCount = restartCount
        self.driver = driver
        self.hostConfiguration = hostConfiguration
        self.mounts = mounts
        self.configuration = configuration
        self.hostnamePath = hostnamePath
        self.hostsPath = hostsPath
        self.resolvConfPath = resolvConfPath
    }

    public struct State: Codable, Sendable {
        public var status: ContainerStatus
        public var running: Bool
        public var paused: Bool
        public var restarting: Bool
        public var dead: Bool
        /// Whether the kernel killed a process in it for want of memory, in its last run.
        public var outOfMemoryKilled: Bool
        /// In the host's process namespace; 0 when it does not run.
        public var pid: Int32
        public var exitCode: Int32
        public var error: String
        /// `0001-01-01T00:00:00Z` when it never was.
        public var startedAt: String
        public var finishedAt: String

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case running = "Running"
            case paused = "Paused"
            case restarting = "Restarting"
            case dead = "Dead"
            case outOfMemoryKilled = "OOMKilled"
            case pid = "Pid"
            case exitCode = "ExitCode"
            case error = "Error"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
        }

        public init(
            status: ContainerStatus, pid: Int32, exitCode: Int32, error: String, started: Timestamp?,
            finished: Timestamp?, outOfMemoryKilled: Bool = false
        ) {
            self.outOfMemoryKilled = outOfMemoryKilled
            self.status = status
            running = status == .running || status == .paused || status == .restarting
            paused = status == .paused
            restarting = status == .restarting
            dead = status == .dead
            self.pid = pid
            self.exitCode = exitCode
            self.error = error
            startedAt = started?.description ?? Self.never
            finishedAt = finished?.description ?? Self.never
        }

        private static let never = "0001-01-01T00:00:00Z"
    }

    public struct MountPoint: Codable, Sendable {
        public var type: String
        public var name: String?
        public var source: String
        public var destination: String
        public var mode: String
        public var readWrite: Bool
        public var propagation: String

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case name = "Name"
            case source = "Source"
            case destination = "Destination"
            case mode = "Mode"
            case readWrite = "RW"
            case propagation = "Propagation"
        }

        public init(
            type: String, name: String?, source: String, destination: String, mode: String, readWrite: Bool,
            propagation: String
        ) {
            self.type = type
            self.name = name
            self.source = source
            self.destination = destination
            self.mode = mode
            self.readWrite = readWrite
            self.propagation = propagation
        }
    }

    public struct Configuration: Codable, Sendable {
        public var hostname: String
        public var user: String
        public var terminal: Bool
        public var openStandardInput: Bool
        public var standardInputOnce: Bool
        public var environment: [String]
        public var command: [String]?
        public var image: String
        public var workingDirectory: String
        public var entrypoint: [String]?
        public var labels: [String: String]
        public var stopSignal: String?
        public var stopTimeout: Int?

        enum CodingKeys: String, CodingKey {
            case hostname = "Hostname"
            case user = "User"
            case terminal = "Tty"
            case openStandardInput = "OpenStdin"
            case standardInputOnce = "StdinOnce"
            case environment = "Env"
            case command = "Cmd"
            case image = "Image"
            case workingDirectory = "WorkingDir"
            case entrypoint = "Entrypoint"
            case labels = "Labels"
            case stopSignal = "StopSignal"
            case stopTimeout = "StopTimeout"
        }

        public init(
            hostname: String, user: String, terminal: Bool, openStandardInput: Bool, standardInputOnce: Bool,
            environment: [String], command: [String]?, image: String, workingDirectory: String, entrypoint: [String]?,
            labels: [String: String], stopSignal: String?, stopTimeout: Int?
        ) {
            self.hostname = hostname
            self.user = user
            self.terminal = terminal
            self.openStandardInput = openStandardInput
            self.standardInputOnce = standardInputOnce
            self.environment = environment
            self.command = command
            self.image = image
            self.workingDirectory = workingDirectory
            self.entrypoint = entrypoint
            self.labels = labels
            self.stopSignal = stopSignal
            self.stopTimeout = stopTimeout
        }
    }
}
