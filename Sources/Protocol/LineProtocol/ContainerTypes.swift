public import LinuxKernel

/// What a container is made from: docker's `run` options as a value.
public struct ContainerSpecification: Codable, Sendable, Hashable {
    /// A reference or an ID, as the user wrote it.
    public var image: String
    /// `OS/ARCHITECTURE[/VARIANT]` that the image must be for; whatever it is for when nil.
    public var platform: String?
    /// Chosen by the supervisor when nil.
    public var name: String?
    /// What follows the image on the command line; the image's `Cmd` when empty.
    public var command: [String] = []
    /// The image's when nil; none when it is an empty array.
    public var entrypoint: [String]?
    /// `NAME=value` over the image's; `NAME` alone removes it.
    public var environment: [String] = []
    public var workingDirectory: String?
    /// `user[:group]`, names or numbers.
    public var user: String?
    public var hostname: String?
    public var terminal = false
    /// Keep standard input open, attached or not (`-i`).
    public var openStandardInput = false
    /// Close standard input when the first client that was attached to it goes (`-i` without `-d`).
    public var closeStandardInputOnDetach = false
    /// Remove the container when it has ended (`--rm`).
    public var removeOnExit = false
    /// Whether it is started again when it has ended; not together with `removeOnExit`.
    public var restart = RestartPolicy()
    public var network = Network.none
    public var mounts: [Mount] = []
    public var labels: [String: String] = [:]
    /// `SIGTERM`, `15`; the image's when nil.
    public var stopSignal: String?
    /// Seconds until `stop` kills.
    public var stopTimeout: Int?
    public var namespaces = ContainerNamespaces()
    public var security = ContainerSecurity()
    public var limits: [ProcessLimit] = []
    /// Kernel parameters of the container's namespaces, by name.
    public var sysctls: [String: String] = [:]
    /// -1000 to 1000: how readily the kernel kills it when memory runs out.
    public var oomScoreAdjustment = 0
    /// A small first process that reaps zombies and passes signals on (`--init`).
    public var runsInit = false
    /// Options of a tmpfs by its path: `size=64m,mode=1777`.
    public var temporaryFilesystems: [String: String] = [:]
    public var resources = ContainerResources()
    /// Bytes of `/dev/shm`; 64 MiB when nil.
    public var sharedMemorySize: Int64?
    /// The cgroup above the container's own.
    public var cgroupParent: String?

    public struct Mount: Codable, Sendable, Hashable {
        public enum Kind: String, Codable, Sendable { case bind, volume }
        public var kind: Kind
        /// An absolute host path, or a volume's name; nil for a volume without a name.
        public var source: String?
        /// An absolute path in the container.
        public var target: String
        public var readOnly: Bool
        /// `rprivate`, `rshared`, `rslave`, `private`, `shared`, `slave`.
        public var propagation: String?
        /// A volume that is empty takes what the image has at `target`, unless this is set (`nocopy`).
        public var noCopy: Bool

        public init(
            kind: Kind, source: String?, target: String, readOnly: Bool = false, propagation: String? = nil,
            noCopy: Bool = false
        ) {
            self.kind = kind
            self.source = source
            self.target = target
            self.readOnly = readOnly
            self.propagation = propagation
            self.noCopy = noCopy
        }
    }

    public init(image: String) { self.image = image }
}

/// Where a container is in its life.
public enum ContainerStatus: String, Codable, Sendable, CaseIterable {
    case created, running, paused, restarting, exited, removing, dead
}

/// A row of `ps`.
public struct ContainerSummary: Codable, Sendable, Hashable {
    /// 64 hexadecimal digits.
    public var id: String
    public var name: String
    /// The reference the container was made from.
    public var image: String
    /// The digest of the image's configuration.
    public var imageID: String
    /// Entry point and command in one list.
    public var command: [String]
    public var created: Timestamp
    public var status: ContainerStatus
    public var exitCode: Int32?
    public var started: Timestamp?
    public var finished: Timestamp?
    public var labels: [String: String]
    public var network: ContainerSpecification.Network
    /// Names of volumes, and directories of the host.
    public var mounts: [String]
    /// How many of the mounts are volumes.
    public var volumes: Int

    public init(
        id: String, name: String, image: String, imageID: String, command: [String], created: Timestamp,
        status: ContainerStatus, exitCode: Int32?, started: Timestamp?, finished: Timestamp?, labels: [String: String],
        network: ContainerSpecification.Network = .none, mounts: [String] = [], volumes: Int = 0
    ) {
        self.id = id
        self.name = name
        self.image = image
        self.imageID = imageID
        self.command = command
        self.created = created
        self.status = status
        self.exitCode = exitCode
        self.started = started
        self.finished = finished
        self.labels = labels
        self.network = network
        self.mounts = mounts
        self.volumes = volumes
    }
}

/// Which streams a client attaches to.
public struct AttachRequest: Codable, Sendable, Hashable {
    public var standardInput: Bool
    public var standardOutput: Bool
    /// With a terminal there is no separate standard error.
    public var standardError: Bool

    public init(standardInput: Bool, standardOutput: Bool = true, standardError: Bool = true) {
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// What is left out is as in ``init(standardInput:standardOutput:standardError:)``: output, and no input.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        standardInput = try container.decodeIfPresent(Bool.self, forKey: .standardInput) ?? false
        standardOutput = try container.decodeIfPresent(Bool.self, forKey: .standardOutput) ?? true
        standardError = try container.decodeIfPresent(Bool.self, forKey: .standardError) ?? true
    }
}

/// The streams that an answer carries, in the order of its descriptors: each one end of a pipe, read or written by
/// the client. A pipe that ends says that the stream has ended; closing one's end detaches.
public struct AttachedStreams: Codable, Sendable, Hashable {
    public enum Stream: String, Codable, Sendable { case standardInput, standardOutput, standardError }
    public var streams: [Stream]
    public init(streams: [Stream] = []) { self.streams = streams }
}

/// How a container, or a process in it, ended.
public struct ExitRecord: Codable, Sendable, Hashable {
    /// The process's own code, or 128 plus a signal's number.
    public var exitCode: Int32
    public var finished: Timestamp
    public var started: Timestamp?
    /// Why it never ran, if it did not.
    public var error: String?
    /// How many processes of the container the kernel killed for want of memory; nil for none.
    public var outOfMemoryKills: Int?

    public init(
        exitCode: Int32, finished: Timestamp, started: Timestamp? = nil, error: String? = nil,
        outOfMemoryKills: Int? = nil
    ) {
        self.exitCode = exitCode
        self.finished = finished
        self.started = started
        self.error = error
        self.outOfMemoryKills = outOfMemoryKills
    }
}

/// A process to start in a running container: docker's `exec` options as a value.
public struct ExecSpecification: Codable, Sendable, Hashable {
    public var command: [String]
    public var environment: [String] = []
    public var workingDirectory: String?
    public var user: String?
    public var terminal = false
    public var size: WindowSize?

    public init(command: [String]) { self.command = command }
}

/// A terminal's size in characters.
public struct WindowSize: Codable, Sendable, Hashable {
    public var columns: UInt16
    public var rows: UInt16
    public init(columns: UInt16, rows: UInt16) {
        self.columns = columns
        self.rows = rows
    }
}

// MARK: What may be left out

extension ContainerSpecification {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        image = try members.decode(String.self, forKey: .image)
        platform = try members.value(.platform)
        name = try members.value(.name)
        command = try members.value(.command, or: [])
        entrypoint = try members.value(.entrypoint)
        environment = try members.value(.environment, or: [])
        workingDirectory = try members.value(.workingDirectory)
        user = try members.value(.user)
        hostname = try members.value(.hostname)
        terminal = try members.value(.terminal, or: false)
        openStandardInput = try members.value(.openStandardInput, or: false)
        closeStandardInputOnDetach = try members.value(.closeStandardInputOnDetach, or: false)
        removeOnExit = try members.value(.removeOnExit, or: false)
        restart = try members.value(.restart, or: RestartPolicy())
        network = try members.value(.network, or: .none)
        mounts = try members.value(.mounts, or: [])
        labels = try members.value(.labels, or: [:])
        stopSignal = try members.value(.stopSignal)
        stopTimeout = try members.value(.stopTimeout)
        namespaces = try members.value(.namespaces, or: ContainerNamespaces())
        security = try members.value(.security, or: ContainerSecurity())
        limits = try members.value(.limits, or: [])
        sysctls = try members.value(.sysctls, or: [:])
        oomScoreAdjustment = try members.value(.oomScoreAdjustment, or: 0)
        runsInit = try members.value(.runsInit, or: false)
        temporaryFilesystems = try members.value(.temporaryFilesystems, or: [:])
        resources = try members.value(.resources, or: ContainerResources())
        sharedMemorySize = try members.value(.sharedMemorySize)
        cgroupParent = try members.value(.cgroupParent)
    }
}

extension ContainerSpecification.Mount {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try members.decode(Kind.self, forKey: .kind), source: try members.value(.source),
            target: try members.decode(String.self, forKey: .target), readOnly: try members.value(.readOnly, or: false),
            propagation: try members.value(.propagation), noCopy: try members.value(.noCopy, or: false))
    }
}

extension ExecSpecification {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        command = try members.decode([String].self, forKey: .command)
        environment = try members.value(.environment, or: [])
        workingDirectory = try members.value(.workingDirectory)
        user = try members.value(.user)
        terminal = try members.value(.terminal, or: false)
        size = try members.value(.size)
    }
}
