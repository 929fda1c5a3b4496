/// config.md, "POSIX-platform Hooks".
public struct Hooks: Codable, Hashable, Sendable {
    public var prestart: [Hook]?
    public var createRuntime: [Hook]?
    public var createContainer: [Hook]?
    public var startContainer: [Hook]?
    public var poststart: [Hook]?
    public var poststop: [Hook]?

    public init(
        prestart: [Hook]? = nil, createRuntime: [Hook]? = nil, createContainer: [Hook]? = nil,
        startContainer: [Hook]? = nil, poststart: [Hook]? = nil, poststop: [Hook]? = nil
    ) {
        self.prestart = prestart
        self.createRuntime = createRuntime
        self.createContainer = createContainer
        self.startContainer = startContainer
        self.poststart = poststart
        self.poststop = poststop
    }
}

extension Hooks: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        prestart = try members.optional("prestart")
        createRuntime = try members.optional("createRuntime")
        createContainer = try members.optional("createContainer")
        startContainer = try members.optional("startContainer")
        poststart = try members.optional("poststart")
        poststop = try members.optional("poststop")
    }
}

/// A program to run at a moment of a container's life, with the container's state on its standard input.
public struct Hook: Codable, Hashable, Sendable {
    /// Absolute.
    public var path: String
    /// With the program's own name first.
    public var args: [String]?
    public var env: [String]?
    /// Seconds; more than 0.
    public var timeout: Int?

    public init(path: String, args: [String]? = nil, env: [String]? = nil, timeout: Int? = nil) {
        self.path = path
        self.args = args
        self.env = env
        self.timeout = timeout
    }
}

extension Hook: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        path = try members.required("path")
        args = try members.optional("args")
        env = try members.optional("env")
        timeout = try members.optional("timeout")
    }
}
