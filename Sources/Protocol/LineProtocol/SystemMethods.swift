public import LinuxKernel

public enum SystemVersion: LineMethod {
    public static let name = "system.version"
    public static let summary = "Versions of the supervisor and of what it uses."
    public typealias Parameters = Nothing
    public struct Result: Codable, Sendable {
        public var version: String
        public var protocolVersion: Int
        public var system: String
        public var architecture: String
        public var kernel: String
        /// Program to version: `wherry-runtime`, `wherry-shim`.
        public var components: [String: String]
        public init(
            version: String, protocolVersion: Int, system: String, architecture: String, kernel: String,
            components: [String: String]
        ) {
            self.version = version
            self.protocolVersion = protocolVersion
            self.system = system
            self.architecture = architecture
            self.kernel = kernel
            self.components = components
        }
    }
}

public enum SystemInfo: LineMethod {
    public static let name = "system.info"
    public static let summary = "The supervisor's state, and the machine it runs on."
    public typealias Parameters = Nothing
    public struct Result: Codable, Sendable {
        public var containers: Int
        public var running: Int
        public var paused: Int
        public var stopped: Int
        public var images: Int
        public var version: String
        public var root: String
        public var state: String
        public var snapshotter: String
        /// `v1`, `hybrid` or `v2`.
        public var cgroups: String
        public var kernel: String
        public var operatingSystem: String
        public var architecture: String
        public var processors: Int
        /// Bytes.
        public var memory: Int64
        public var hostname: String
        public var runtime: String
        public var rootless: Bool

        public init(
            containers: Int, running: Int, paused: Int, stopped: Int, images: Int, version: String, root: String,
            state: String, snapshotter: String, cgroups: String, kernel: String, operatingSystem: String,
            architecture: String, processors: Int, memory: Int64, hostname: String, runtime: String, rootless: Bool
        ) {
            self.containers = containers
            self.running = running
            self.paused = paused
            self.stopped = stopped
            self.images = images
            self.version = version
            self.root = root
            self.state = state
            self.snapshotter = snapshotter
            self.cgroups = cgroups
            self.kernel = kernel
            self.operatingSystem = operatingSystem
            self.architecture = architecture
            self.processors = processors
            self.memory = memory
            self.hostname = hostname
            self.runtime = runtime
            self.rootless = rootless
        }
    }
}

/// Something that happened: docker's events.
public struct Event: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable { case container, image, volume }
    public var kind: Kind
    /// `create`, `start`, `die`, `exec_create: ls`, `tag`, … as docker names them.
    public var action: String
    /// The ID of the container or image.
    public var id: String
    /// `name`, `image`, `exitCode`, `signal`, and the labels.
    public var attributes: [String: String]
    public var time: Timestamp

    public init(kind: Kind, action: String, id: String, attributes: [String: String], time: Timestamp = .now) {
        self.kind = kind
        self.action = action
        self.id = id
        self.attributes = attributes
        self.time = time
    }
}

public enum Events: LineStream {
    public static let name = "events"
    public static let summary = "Events from `since` on, until `until` or for ever."
    public struct Parameters: Codable, Sendable {
        public var since: Timestamp?
        public var until: Timestamp?
        /// docker's filters: `container event image label type`.
        public var filters: [String: [String]]
        public init(since: Timestamp? = nil, until: Timestamp? = nil, filters: [String: [String]] = [:]) {
            self.since = since
            self.until = until
            self.filters = filters
        }
    }
    public typealias Item = Event
    public typealias Result = Nothing
}

// MARK: What may be left out

extension Events.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            since: try members.value(.since), until: try members.value(.until),
            filters: try members.value(.filters, or: [:]))
    }
}
