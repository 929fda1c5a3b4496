/// What a container of an image starts with unless told otherwise: config.md, "config", and the members that docker
/// adds (`Healthcheck`, `Shell`, `OnBuild`, `ArgsEscaped`).
public struct ContainerDefaults: Hashable, Sendable, Codable {
    /// `USER[:GROUP]`, names or numbers; empty is root.
    public var user: String?
    /// `80/tcp`; a port alone means tcp.
    public var exposedPorts: ObjectKeys?
    /// `NAME=VALUE`.
    public var environment: [String]?
    public var entrypoint: [String]?
    public var command: [String]?
    public var volumes: ObjectKeys?
    public var workingDirectory: String?
    public var labels: [String: String]?
    /// `SIGTERM` or a number.
    public var stopSignal: String?
    /// Seconds.
    public var stopTimeout: Int?
    public var healthcheck: Healthcheck?
    public var shell: [String]?
    public var onBuild: [String]?
    public var argumentsEscaped: Bool?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case user = "User"
        case exposedPorts = "ExposedPorts"
        case environment = "Env"
        case entrypoint = "Entrypoint"
        case command = "Cmd"
        case volumes = "Volumes"
        case workingDirectory = "WorkingDir"
        case labels = "Labels"
        case stopSignal = "StopSignal"
        case stopTimeout = "StopTimeout"
        case healthcheck = "Healthcheck"
        case shell = "Shell"
        case onBuild = "OnBuild"
        case argumentsEscaped = "ArgsEscaped"
    }
}

/// How docker finds out whether a container is well. Durations are in nanoseconds; 0 inherits.
public struct Healthcheck: Hashable, Sendable, Codable {
    /// Empty inherits; `NONE` disables; `CMD`, then arguments; `CMD-SHELL`, then a line for the shell.
    public var test: [String]?
    public var interval: Int64?
    public var timeout: Int64?
    public var startPeriod: Int64?
    public var startInterval: Int64?
    public var retries: Int?

    public init(test: [String]? = nil) { self.test = test }

    enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case startInterval = "StartInterval"
        case retries = "Retries"
    }
}

/// A set that the specification writes as an object whose members are all `{}`: `{"/data": {}}`.
public struct ObjectKeys: Hashable, Sendable, Codable, ExpressibleByArrayLiteral {
    public var names: Set<String>

    public init(_ names: some Sequence<String> = []) { self.names = Set(names) }
    public init(arrayLiteral elements: String...) { names = Set(elements) }

    private struct Empty: Codable {
        init() {}
        init(from decoder: any Decoder) {}
        func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: Key.self) }
        private enum Key: CodingKey {}
    }

    public init(from decoder: any Decoder) throws {
        names = Set(try decoder.singleValueContainer().decode([String: Empty?].self).keys)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: names.map { ($0, Empty()) }))
    }
}
