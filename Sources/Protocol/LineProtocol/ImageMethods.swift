public import LinuxKernel

/// A row of `images`.
public struct ImageSummary: Codable, Sendable, Hashable {
    /// The digest of the configuration, `sha256:` and 64 hexadecimal digits.
    public var id: String
    /// Familiar references (`busybox:latest`); none for an image that lost its name.
    public var references: [String]
    /// `name@sha256:…` of its manifest, a line for each name.
    public var digests: [String]
    public var created: Timestamp?
    /// Unpacked bytes of all layers.
    public var size: Int64
    public var labels: [String: String]

    public init(
        id: String, references: [String], digests: [String], created: Timestamp?, size: Int64, labels: [String: String]
    ) {
        self.id = id
        self.references = references
        self.digests = digests
        self.created = created
        self.size = size
        self.labels = labels
    }
}

public enum ImageList: LineMethod {
    public static let name = "image.list"
    public static let summary = "Lists images, newest first."
    public struct Parameters: Codable, Sendable {
        /// docker's filters: `reference dangling label before since`.
        public var filters: [String: [String]]
        public init(filters: [String: [String]] = [:]) { self.filters = filters }
    }
    public struct Result: Codable, Sendable {
        public var images: [ImageSummary]
        public init(images: [ImageSummary]) { self.images = images }
    }
}

public enum ImageInspect: LineMethod {
    public static let name = "image.inspect"
    public static let summary = "Everything about an image, in the shape of docker image inspect."
    public struct Parameters: Codable, Sendable {
        public var image: String
        public init(image: String) { self.image = image }
    }
    public typealias Result = ImageInspection
}

public enum ImageLoad: LineMethod {
    public static let name = "image.load"
    public static let summary = "Reads images from an archive, whose descriptor comes with the request."
    public typealias Parameters = Nothing
    public struct Result: Codable, Sendable {
        public var loaded: [Loaded]
        public init(loaded: [Loaded]) { self.loaded = loaded }
    }
    public struct Loaded: Codable, Sendable, Hashable {
        public var id: String
        public var references: [String]
        public init(id: String, references: [String]) {
            self.id = id
            self.references = references
        }
    }
}

public enum ImageImport: LineMethod {
    public static let name = "image.import"
    public static let summary = "Makes an image of a root filesystem archive, whose descriptor comes with the request."
    public struct Parameters: Codable, Sendable {
        public var reference: String?
        /// Lines of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`.
        public var changes: [String]
        public var message: String?
        /// `os/architecture[/variant]`; this machine's when nil.
        public var platform: String?
        public init(reference: String?, changes: [String] = [], message: String? = nil, platform: String? = nil) {
            self.reference = reference
            self.changes = changes
            self.message = message
            self.platform = platform
        }
    }
    public struct Result: Codable, Sendable {
        public var id: String
        public init(id: String) { self.id = id }
    }
}

public enum ImageSave: LineMethod {
    public static let name = "image.save"
    public static let summary = "Writes images to an archive, whose descriptor comes with the request."
    public struct Parameters: Codable, Sendable {
        /// Names and IDs; a name without a tag stands for all tags of its repository.
        public var images: [String]
        public init(images: [String]) { self.images = images }
    }
    public typealias Result = Nothing
}

public enum ImageHistory: LineMethod {
    public static let name = "image.history"
    public static let summary = "What made an image, the last step first."
    public struct Parameters: Codable, Sendable {
        public var image: String
        public init(image: String) { self.image = image }
    }
    public struct Result: Codable, Sendable {
        public var steps: [Step]
        public init(steps: [Step]) { self.steps = steps }
    }
    public struct Step: Codable, Sendable, Hashable {
        public var created: Timestamp?
        /// The command that made it.
        public var createdBy: String
        public var comment: String
        /// Unpacked bytes of its layer; 0 for a step that changed no file.
        public var size: Int64
        public init(created: Timestamp?, createdBy: String, comment: String, size: Int64) {
            self.created = created
            self.createdBy = createdBy
            self.comment = comment
            self.size = size
        }
    }
}

public enum ImageTag: LineMethod {
    public static let name = "image.tag"
    public static let summary = "Gives an image one more name."
    public struct Parameters: Codable, Sendable {
        public var image: String
        /// `[HOST[:PORT]/]PATH[:TAG]`; another image that had it loses it.
        public var reference: String
        public init(image: String, reference: String) {
            self.image = image
            self.reference = reference
        }
    }
    public typealias Result = Nothing
}

public enum ImagePrune: LineMethod {
    public static let name = "image.prune"
    public static let summary = "Removes images that no container was made from, and frees what nothing refers to."
    public struct Parameters: Codable, Sendable {
        /// Also those that have names.
        public var all: Bool
        /// Only those that were made before.
        public var until: Timestamp?
        /// `label` and `label!`, each `KEY` or `KEY=VALUE`: all of these, and none of those.
        public var filters: [String: [String]]
        public init(all: Bool = false, until: Timestamp? = nil, filters: [String: [String]] = [:]) {
            self.all = all
            self.until = until
            self.filters = filters
        }
    }
    public struct Result: Codable, Sendable {
        public var untagged: [String]
        /// IDs of images that are gone.
        public var deleted: [String]
        /// Bytes that are free now.
        public var reclaimed: Int64
        public init(untagged: [String], deleted: [String], reclaimed: Int64) {
            self.untagged = untagged
            self.deleted = deleted
            self.reclaimed = reclaimed
        }
    }
}

public enum ImageRemove: LineMethod {
    public static let name = "image.remove"
    public static let summary = "Takes a name from an image, and removes the image with its last one."
    public struct Parameters: Codable, Sendable {
        public var image: String
        /// Even if containers that do not run use it, or several names point at it.
        public var force: Bool
        public init(image: String, force: Bool = false) {
            self.image = image
            self.force = force
        }
    }
    public struct Result: Codable, Sendable {
        public var untagged: [String]
        /// IDs of images that are gone.
        public var deleted: [String]
        public init(untagged: [String], deleted: [String]) {
            self.untagged = untagged
            self.deleted = deleted
        }
    }
}

/// `inspect` of an image. Names and shape are docker's, since scripts and templates know them.
public struct ImageInspection: Codable, Sendable {
    public var id: String
    public var references: [String]
    public var digests: [String]
    public var created: String
    public var author: String
    public var architecture: String
    public var variant: String?
    public var system: String
    public var size: Int64
    public var configuration: Configuration
    public var rootFilesystem: RootFilesystem

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case references = "RepoTags"
        case digests = "RepoDigests"
        case created = "Created"
        case author = "Author"
        case architecture = "Architecture"
        case variant = "Variant"
        case system = "Os"
        case size = "Size"
        case configuration = "Config"
        case rootFilesystem = "RootFS"
    }

    public init(
        id: String, references: [String], digests: [String], created: String, author: String, architecture: String,
        variant: String?, system: String, size: Int64, configuration: Configuration, layers: [String]
    ) {
        self.id = id
        self.references = references
        self.digests = digests
        self.created = created
        self.author = author
        self.architecture = architecture
        self.variant = variant
        self.system = system
        self.size = size
        self.configuration = configuration
        rootFilesystem = RootFilesystem(type: "layers", layers: layers)
    }

    public struct RootFilesystem: Codable, Sendable {
        public var type: String
        /// Digests of the uncompressed layers, lowest first.
        public var layers: [String]
        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case layers = "Layers"
        }
    }

    public struct Configuration: Codable, Sendable {
        public var user: String
        public var environment: [String]
        public var entrypoint: [String]?
        public var command: [String]?
        public var workingDirectory: String
        public var labels: [String: String]
        public var stopSignal: String?
        public var exposedPorts: [String: Nothing]?
        public var volumes: [String: Nothing]?

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case workingDirectory = "WorkingDir"
            case labels = "Labels"
            case stopSignal = "StopSignal"
            case exposedPorts = "ExposedPorts"
            case volumes = "Volumes"
        }

        public init(
            user: String, environment: [String], entrypoint: [String]?, command: [String]?, workingDirectory: String,
            labels: [String: String], stopSignal: String?, exposedPorts: [String: Nothing]?,
            volumes: [String: Nothing]?
        ) {
            self.user = user
            self.environment = environment
            self.entrypoint = entrypoint
            self.command = command
            self.workingDirectory = workingDirectory
            self.labels = labels
            self.stopSignal = stopSignal
            self.exposedPorts = exposedPorts
            self.volumes = volumes
        }
    }
}

// MARK: What may be left out

extension ImageList.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(filters: try members.value(.filters, or: [:]))
    }
}

extension ImageImport.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            reference: try members.value(.reference), changes: try members.value(.changes, or: []),
            message: try members.value(.message), platform: try members.value(.platform))
    }
}

extension ImagePrune.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            all: try members.value(.all, or: false), until: try members.value(.until),
            filters: try members.value(.filters, or: [:]))
    }
}

extension ImageRemove.Parameters {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            image: try members.decode(String.self, forKey: .image), force: try members.value(.force, or: false))
    }
}
