public import LinuxKernel
public import RuntimeSpec

/// What a shim reports on its standard output, as one line with the `id` 0, when it has created its container.
public struct ShimReady: Codable, Sendable {
    /// Of the container's first process, which waits to be started.
    public var pid: Int32
    public init(pid: Int32) { self.pid = pid }
}

public enum ShimState: LineMethod {
    public static let name = "shim.state"
    public static let summary = "Where the container is in its life."
    public typealias Parameters = Nothing
    public struct Result: Codable, Sendable {
        public enum Phase: String, Codable, Sendable { case created, running, exited }
        public var id: String
        public var phase: Phase
        public var pid: Int32
        public var started: Timestamp?
        public var exit: ExitRecord?
        /// Processes of `shim.exec` that can be waited for.
        public var execs: [String]
        /// It runs, but all of its processes are stopped.
        public var isPaused: Bool
        public init(
            id: String, phase: Phase, pid: Int32, started: Timestamp?, exit: ExitRecord?, execs: [String],
            isPaused: Bool = false
        ) {
            self.id = id
            self.phase = phase
            self.pid = pid
            self.started = started
            self.exit = exit
            self.execs = execs
            self.isPaused = isPaused
        }

        /// Shims outlive supervisors: one of an older version says nothing of pauses, and knows none.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                id: try members.decode(String.self, forKey: .id), phase: try members.decode(Phase.self, forKey: .phase),
                pid: try members.decode(Int32.self, forKey: .pid), started: try members.value(.started),
                exit: try members.value(.exit), execs: try members.decode([String].self, forKey: .execs),
                isPaused: try members.value(.isPaused, or: false))
        }
    }
}

public enum ShimStart: LineMethod {
    public static let name = "shim.start"
    public static let summary = "Starts the created container, attached from its first byte when asked."
    public struct Parameters: Codable, Sendable {
        public var attach: AttachRequest?
        public var size: WindowSize?
        public init(attach: AttachRequest?, size: WindowSize?) {
            self.attach = attach
            self.size = size
        }
    }
    public struct Result: Codable, Sendable {
        public var started: Timestamp
        public var streams: AttachedStreams
        public init(started: Timestamp, streams: AttachedStreams) {
            self.started = started
            self.streams = streams
        }
    }
}

public enum ShimAttach: LineMethod {
    public static let name = "shim.attach"
    public static let summary = "Attaches to the container's streams."
    public typealias Parameters = AttachRequest
    public typealias Result = AttachedStreams
}

public enum ShimExec: LineMethod {
    public static let name = "shim.exec"
    public static let summary = "Starts a process in the running container."
    public struct Parameters: Codable, Sendable {
        /// Chosen by the caller; names the process from then on.
        public var exec: String
        public var process: RuntimeSpec.Process
        public var attach: AttachRequest?
        public init(exec: String, process: RuntimeSpec.Process, attach: AttachRequest?) {
            self.exec = exec
            self.process = process
            self.attach = attach
        }
    }
    public struct Result: Codable, Sendable {
        public var pid: Int32
        public var streams: AttachedStreams
        public init(pid: Int32, streams: AttachedStreams) {
            self.pid = pid
            self.streams = streams
        }
    }
}

public enum ShimResize: LineMethod {
    public static let name = "shim.resize"
    public static let summary = "Sets the size of the container's terminal, or of a process's in it."
    public struct Parameters: Codable, Sendable {
        public var exec: String?
        public var size: WindowSize
        public init(exec: String?, size: WindowSize) {
            self.exec = exec
            self.size = size
        }
    }
    public typealias Result = Nothing
}

public enum ShimSignal: LineMethod {
    public static let name = "shim.signal"
    public static let summary = "Sends a signal to the container's first process, or to all of them."
    public struct Parameters: Codable, Sendable {
        public var signal: Int32
        public var all: Bool
        public init(signal: Int32, all: Bool = false) {
            self.signal = signal
            self.all = all
        }

        /// `all` may be left out.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            signal = try container.decode(Int32.self, forKey: .signal)
            all = try container.decodeIfPresent(Bool.self, forKey: .all) ?? false
        }
    }
    public typealias Result = Nothing
}

public enum ShimPause: LineMethod {
    public static let name = "shim.pause"
    public static let summary = "Stops all processes of the running container, until shim.resume."
    public typealias Parameters = Nothing
    public typealias Result = Nothing
}

public enum ShimResume: LineMethod {
    public static let name = "shim.resume"
    public static let summary = "Lets the processes of a paused container go on."
    public typealias Parameters = Nothing
    public typealias Result = Nothing
}

public enum ShimUpdate: LineMethod {
    public static let name = "shim.update"
    public static let summary = "Changes the container's limits."
    public struct Parameters: Codable, Sendable {
        public var resources: Resources
        public init(resources: Resources) { self.resources = resources }
    }
    public typealias Result = Nothing
}

public enum ShimOutOfMemory: LineMethod {
    public static let name = "shim.out-of-memory"
    public static let summary = "Answers when the kernel has killed more processes for want of memory than are known."
    public struct Parameters: Codable, Sendable {
        /// How many the caller knows of.
        public var known: Int
        public init(known: Int) { self.known = known }

        /// `known` may be left out.
        public init(from decoder: any Decoder) throws {
            known = try decoder.container(keyedBy: CodingKeys.self).value(.known, or: 0)
        }
    }
    public struct Result: Codable, Sendable {
        public var kills: Int
        public init(kills: Int) { self.kills = kills }
    }
}

public enum ShimWait: LineMethod {
    public static let name = "shim.wait"
    public static let summary = "Answers when the container, or a process in it, has ended and its output is written."
    public struct Parameters: Codable, Sendable {
        public var exec: String?
        public init(exec: String? = nil) { self.exec = exec }
    }
    public typealias Result = ExitRecord
}

/// `shim.close`: the exit record is known to the supervisor; the shim deletes the container from the runtime, and goes.
/// Without it a shim goes by itself once the record is on disk and nobody is attached or waiting.
public enum ShimClose: LineMethod {
    public static let name = "shim.close"
    public static let summary = "Deletes the ended container from the runtime and ends the shim."
    public typealias Parameters = Nothing
    public typealias Result = Nothing
}
