// What a container's file system has become.

public enum ContainerDiff: LineStream {
    public static let name = "container.diff"
    public static let summary = "What a container has changed of its image's files, in the order of paths."
    public typealias Parameters = ContainerName
    public struct Item: Codable, Sendable, Hashable {
        /// Some of them: as many as fit well into a line.
        public var changes: [Change]
        public init(changes: [Change]) { self.changes = changes }
    }
    public struct Change: Codable, Sendable, Hashable {
        /// `A`dded, `C`hanged or `D`eleted.
        public var kind: String
        /// Absolute, in the container.
        public var path: String
        public init(kind: String, path: String) {
            self.kind = kind
            self.path = path
        }
    }
    public typealias Result = Nothing
}

public enum ContainerExport: LineMethod {
    public static let name = "container.export"
    public static let summary = "Writes a container's files to a tar archive, whose descriptor comes with the request."
    public typealias Parameters = ContainerName
    public typealias Result = Nothing
}

public enum ContainerCommit: LineMethod {
    public static let name = "container.commit"
    public static let summary = "Makes an image of a container: its image, and a layer of what it has changed."
    public struct Parameters: Codable, Sendable {
        public var container: String
        /// The image's name.
        public var reference: String?
        public var author: String?
        public var message: String?
        /// Lines of a Dockerfile, as for image.import.
        public var changes: [String]
        /// Stop the container's processes meanwhile.
        public var pause: Bool
        public init(
            container: String, reference: String? = nil, author: String? = nil, message: String? = nil,
            changes: [String] = [], pause: Bool = true
        ) {
            self.container = container
            self.reference = reference
            self.author = author
            self.message = message
            self.changes = changes
            self.pause = pause
        }

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                container: try members.decode(String.self, forKey: .container),
                reference: try members.value(.reference), author: try members.value(.author),
                message: try members.value(.message), changes: try members.value(.changes, or: []),
                pause: try members.value(.pause, or: true))
        }
    }
    public typealias Result = ImageImport.Result
}
