public import LinuxKernel

// What changes a container that is there, and needs nothing but its name.

public enum ContainerRestart: LineMethod {
    public static let name = "container.restart"
    public static let summary = "Stops a container as container.stop does, and starts it; starts one that does not run."
    public typealias Parameters = ContainerStop.Parameters
    public typealias Result = Nothing
}

public enum ContainerPause: LineMethod {
    public static let name = "container.pause"
    public static let summary = "Stops all processes of a running container, until container.unpause."
    public typealias Parameters = ContainerName
    public typealias Result = Nothing
}

public enum ContainerUnpause: LineMethod {
    public static let name = "container.unpause"
    public static let summary = "Lets the processes of a paused container go on."
    public typealias Parameters = ContainerName
    public typealias Result = Nothing
}

public enum ContainerRename: LineMethod {
    public static let name = "container.rename"
    public static let summary = "Gives a container another name, which no other has."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// The new name.
        public var name: String
        public init(container: String, name: String) {
            self.container = container
            self.name = name
        }
    }
    public typealias Result = Nothing
}

public enum ContainerUpdate: LineMethod {
    public static let name = "container.update"
    public static let summary =
        "Changes a container's limits, now if it runs, and for its next start; and its restart policy."
    public struct Parameters: Codable, Sendable {
        public var container: String
        public var resources: ContainerResources
        /// Nil: as it is.
        public var restart: RestartPolicy?
        public init(container: String, resources: ContainerResources = .init(), restart: RestartPolicy? = nil) {
            self.container = container
            self.resources = resources
            self.restart = restart
        }

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                container: try members.decode(String.self, forKey: .container),
                resources: try members.value(.resources, or: .init()), restart: try members.value(.restart))
        }
    }
    public typealias Result = Nothing
}

public enum ContainerPrune: LineMethod {
    public static let name = "container.prune"
    public static let summary = "Removes all containers that do not run, or those of them that match."
    public struct Parameters: Codable, Sendable {
        /// Only those that were made before.
        public var until: Timestamp?
        /// `label` and `label!`, each `KEY` or `KEY=VALUE`: all of these, and none of those.
        public var filters: [String: [String]]
        public init(until: Timestamp? = nil, filters: [String: [String]] = [:]) {
            self.until = until
            self.filters = filters
        }

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(until: try members.value(.until), filters: try members.value(.filters, or: [:]))
        }
    }
    public struct Result: Codable, Sendable {
        /// IDs of the containers that are gone.
        public var removed: [String]
        /// Bytes that they took on the disk.
        public var reclaimed: Int64
        public init(removed: [String], reclaimed: Int64) {
            self.removed = removed
            self.reclaimed = reclaimed
        }
    }
}
