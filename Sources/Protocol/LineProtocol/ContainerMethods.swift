public import LinuxKernel

/// `params` that only name a container: by ID, a prefix of it that no other has, or name.
public struct ContainerName: Codable, Sendable, Hashable {
    public var container: String
    public init(_ container: String) { self.container = container }
}

public enum ContainerCreate: LineMethod {
    public static let name = "container.create"
    public static let summary = "Makes a container from an image, without starting it."
    public typealias Parameters = ContainerSpecification
    public struct Result: Codable, Sendable {
        public var id: String
        public var name: String
        public var warnings: [String]
        public init(id: String, name: String, warnings: [String]) {
            self.id = id
            self.name = name
            self.warnings = warnings
        }
    }
}

public enum ContainerStart: LineMethod {
    public static let name = "container.start"
    public static let summary = "Starts a container, attached from its first byte when asked."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var attach: AttachRequest?
        /// The terminal's size from the start.
        public var size: WindowSize?
        public init(container: String, attach: AttachRequest? = nil, size: WindowSize? = nil) {
            self.container = container
            self.attach = attach
            self.size = size
        }
    }
    public typealias Result = AttachedStreams
}

public enum ContainerAttach: LineMethod {
    public static let name = "container.attach"
    public static let summary = "Attaches to the streams of a running container."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var attach: AttachRequest
        public init(container: String, attach: AttachRequest) {
            self.container = container
            self.attach = attach
        }
    }
    public typealias Result = AttachedStreams
}

public enum ContainerResize: LineMethod {
    public static let name = "container.resize"
    public static let summary = "Sets the size of a container's terminal, or of a process's in it."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// A process of `container.exec` instead of the container's own.
        public var exec: String?
        public var size: WindowSize
        public init(container: String, exec: String? = nil, size: WindowSize) {
            self.container = container
            self.exec = exec
            self.size = size
        }
    }
    public typealias Result = Nothing
}

public enum ContainerStop: LineMethod {
    public static let name = "container.stop"
    public static let summary = "Sends the stop signal, and kills what still runs after the timeout."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// Seconds; negative: wait for ever; nil: as the container was made.
        public var timeout: Int?
        public var signal: String?
        public init(container: String, timeout: Int? = nil, signal: String? = nil) {
            self.container = container
            self.timeout = timeout
            self.signal = signal
        }
    }
    public typealias Result = Nothing
}

public enum ContainerKill: LineMethod {
    public static let name = "container.kill"
    public static let summary = "Sends a signal to a container's process."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// A name or number of signal(7).
        public var signal: String
        public init(container: String, signal: String = "KILL") {
            self.container = container
            self.signal = signal
        }
    }
    public typealias Result = Nothing
}

public enum ContainerRemove: LineMethod {
    public static let name = "container.remove"
    public static let summary = "Removes a container, its writable layer and its log."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// Kill it first if it runs.
        public var force: Bool
        /// Remove its volumes that have no name, too.
        public var volumes: Bool
        public init(container: String, force: Bool = false, volumes: Bool = false) {
            self.container = container
            self.force = force
            self.volumes = volumes
        }
    }
    public typealias Result = Nothing
}

public enum ContainerWait: LineMethod {
    public static let name = "container.wait"
    public static let summary = "Answers when a container has ended, with its exit code."
    public struct Parameters: Codable, Sendable {
        public enum Condition: String, Codable, Sendable {
            /// At once if it does not run.
            case notRunning = "not-running"
            /// The next end, even if it does not run yet.
            case nextExit = "next-exit"
            case removed
        }
        public var container: String
        public var condition: Condition
        public init(container: String, condition: Condition = .notRunning) {
            self.container = container
            self.condition = condition
        }
    }
    public typealias Result = ExitRecord
}

public enum ContainerList: LineMethod {
    public static let name = "container.list"
    public static let summary = "Lists containers, newest first."
    public struct Parameters: Codable, Sendable {
        /// Those that do not run, too.
        public var all: Bool
        /// docker's filters: `id name label status exited ancestor before since`. A list is "or", names are "and".
        public var filters: [String: [String]]
        /// The newest so many, whatever their state.
        public var last: Int?
        public init(all: Bool = false, filters: [String: [String]] = [:], last: Int? = nil) {
            self.all = all
            self.filters = filters
            self.last = last
        }
    }
    public struct Result: Codable, Sendable {
        public var containers: [ContainerSummary]
        public init(containers: [ContainerSummary]) { self.containers = containers }
    }
}

public enum ContainerInspect: LineMethod {
    public static let name = "container.inspect"
    public static let summary = "Everything about a container, in the shape of docker inspect."
    public typealias Parameters = ContainerName
    public typealias Result = ContainerInspection
}

public enum ContainerLogs: LineStream {
    public static let name = "container.logs"
    public static let summary = "What a container wrote, from its log."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var standardOutput: Bool
        public var standardError: Bool
        /// Go on with what will be written, until the container has ended.
        public var follow: Bool
        /// The last so many lines only.
        public var tail: Int?
        public var since: Timestamp?
        public var until: Timestamp?
        public init(
            container: String, standardOutput: Bool = true, standardError: Bool = true, follow: Bool = false,
            tail: Int? = nil, since: Timestamp? = nil, until: Timestamp? = nil
        ) {
            self.container = container
            self.standardOutput = standardOutput
            self.standardError = standardError
            self.follow = follow
            self.tail = tail
            self.since = since
            self.until = until
        }
    }
    public typealias Item = LogRecord
    public typealias Result = Nothing
}

public enum ContainerExec: LineMethod {
    public static let name = "container.exec"
    public static let summary = "Starts a process in a running container."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var process: ExecSpecification
        /// Nil: detached, its output goes nowhere.
        public var attach: AttachRequest?
        public init(container: String, process: ExecSpecification, attach: AttachRequest?) {
            self.container = container
            self.process = process
            self.attach = attach
        }
    }
    public struct Result: Codable, Sendable {
        /// Names the process in `container.exec-wait` and `container.resize`.
        public var exec: String
        public var streams: AttachedStreams
        public init(exec: String, streams: AttachedStreams) {
            self.exec = exec
            self.streams = streams
        }
    }
}

public enum ContainerExecWait: LineMethod {
    public static let name = "container.exec-wait"
    public static let summary = "Answers when a process of container.exec has ended, with its exit code."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var exec: String
        public init(container: String, exec: String) {
            self.container = container
            self.exec = exec
        }
    }
    public typealias Result = ExitRecord
}

// MARK: What may be left out

extension ContainerKill.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            container: try members.decode(String.self, forKey: .container),
            signal: try members.value(.signal, or: "KILL"))
    }
}

extension ContainerRemove.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            container: try members.decode(String.self, forKey: .container), force: try members.value(.force, or: false),
            volumes: try members.value(.volumes, or: false))
    }
}

extension ContainerWait.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            container: try members.decode(String.self, forKey: .container),
            condition: try members.value(.condition, or: .notRunning))
    }
}

extension ContainerList.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            all: try members.value(.all, or: false), filters: try members.value(.filters, or: [:]),
            last: try members.value(.last))
    }
}

extension ContainerLogs.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            container: try members.decode(String.self, forKey: .container),
            standardOutput: try members.value(.standardOutput, or: true),
            standardError: try members.value(.standardError, or: true), follow: try members.value(.follow, or: false),
            tail: try members.value(.tail), since: try members.value(.since), until: try members.value(.until))
    }
}
