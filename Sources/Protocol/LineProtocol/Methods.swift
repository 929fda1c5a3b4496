/// A method of the protocol: its name, and the shapes of its `params` and `result`.
public protocol LineMethod: Sendable {
    associatedtype Parameters: Codable & Sendable
    associatedtype Result: Codable & Sendable
    /// `kind.verb`, never changed once published.
    static var name: String { get }
    /// One sentence for the catalogue.
    static var summary: String { get }
}

/// A method that answers with notifications of its own name, each a ``StreamItem``, until its result ends the stream.
public protocol LineStream: LineMethod {
    associatedtype Item: Codable & Sendable
}

/// Where there is nothing to say.
public struct Nothing: Codable, Sendable, Hashable { public init() {} }

/// `hello`: the first exchange on every connection, with the supervisor and with a shim.
public enum Hello: LineMethod {
    public static let name = "hello"
    public static let summary = "Agrees on a protocol version and tells what each side can do."
    /// The one version that there is so far.
    public static let version = 1

    public struct Parameters: Codable, Sendable {
        /// The newest version that the client speaks.
        public var version: Int
        /// Name and version of the client, for the log.
        public var client: String
        public init(version: Int = Hello.version, client: String) {
            self.version = version
            self.client = client
        }
    }

    public struct Result: Codable, Sendable {
        /// The version that will be spoken: at most the client's.
        public var version: Int
        /// Name and version of the server.
        public var server: String
        /// `descriptors`: streams travel as file descriptors (SCM_RIGHTS).
        public var capabilities: [String]
        public init(version: Int = Hello.version, server: String, capabilities: [String]) {
            self.version = version
            self.server = server
            self.capabilities = capabilities
        }
    }
}

/// `cancel`: ends an unfinished request of the same connection, which then answers `cancelled`.
public enum Cancel: LineMethod {
    public static let name = "cancel"
    public static let summary = "Ends an unfinished request of the same connection."
    public struct Parameters: Codable, Sendable {
        public var request: RequestID
        public init(request: RequestID) { self.request = request }
    }
    public typealias Result = Nothing
}
