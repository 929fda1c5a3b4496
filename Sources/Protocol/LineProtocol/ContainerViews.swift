public import LinuxKernel

// What goes on in a container at present.

public enum ContainerTop: LineMethod {
    public static let name = "container.top"
    public static let summary = "The processes of a running container, as ps(1) of the host shows them."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// Options of ps(1).
        public var options: [String]
        public init(container: String, options: [String] = Self.standard) {
            self.container = container
            self.options = options
        }
        /// A full list, as docker asks for it.
        public static let standard = ["-ef"]

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                container: try members.decode(String.self, forKey: .container),
                options: try members.value(.options, or: Self.standard))
        }
    }
    public struct Result: Codable, Sendable, Hashable {
        public var titles: [String]
        /// A row has a cell for each title.
        public var processes: [[String]]
        public init(titles: [String], processes: [[String]]) {
            self.titles = titles
            self.processes = processes
        }
    }
}

/// What a container uses.
public struct ContainerStatistics: Codable, Sendable, Hashable {
    public var id: String
    public var name: String
    /// Of one processor, in percent, over the last second; nil for one that did not run then.
    public var processorPercent: Double?
    /// Bytes, without those of the page cache that can be given up at once.
    public var memory: UInt64 = 0
    /// Bytes that it may use at most: the machine's, without a limit.
    public var memoryLimit: UInt64 = 0
    /// Bytes through network interfaces of its own but the loopback.
    public var received: UInt64 = 0
    public var sent: UInt64 = 0
    /// Bytes from and to block devices.
    public var read: UInt64 = 0
    public var written: UInt64 = 0
    /// Threads, in the words of the kernel; each process has at least one.
    public var processes: UInt64 = 0

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

public enum ContainerStats: LineStream {
    public static let name = "container.stats"
    public static let summary = "What containers use, measured every second."
    public struct Parameters: Codable, Sendable {
        /// Those that run, when empty.
        public var containers: [String]
        /// Without names: those that do not run, too.
        public var all: Bool
        /// Go on until cancelled; otherwise one item is all.
        public var follow: Bool
        public init(containers: [String] = [], all: Bool = false, follow: Bool = false) {
            self.containers = containers
            self.all = all
            self.follow = follow
        }

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                containers: try members.value(.containers, or: []), all: try members.value(.all, or: false),
                follow: try members.value(.follow, or: false))
        }
    }
    public struct Item: Codable, Sendable {
        public var time: Timestamp
        /// In the order of the names, or the newest first.
        public var containers: [ContainerStatistics]
        public init(time: Timestamp, containers: [ContainerStatistics]) {
            self.time = time
            self.containers = containers
        }
    }
    public typealias Result = Nothing
}
