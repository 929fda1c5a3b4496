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
