/// What is asked of CRIU: `criu_req` of its `rpc.proto`.
public struct CriuRequest: Hashable, Sendable {
    /// `criu_req_type`, as far as a runtime needs it.
    public enum Kind: Int32, Sendable {
        case dump = 1
        case restore = 2
        case preDump = 4
        case notify = 6
        case featureCheck = 9
        case version = 10

        /// As CRIU's own messages write it.
        public var name: String {
            switch self {
            case .dump: "DUMP"
            case .restore: "RESTORE"
            case .preDump: "PRE_DUMP"
            case .notify: "NOTIFY"
            case .featureCheck: "FEATURE_CHECK"
            case .version: "VERSION"
            }
        }
    }

    public let kind: Kind
    public let options: CriuOptions?
    /// Of an answer to a notification.
    let notificationSucceeded: Bool?
    let features: CriuFeatures?

    private init(
        _ kind: Kind, options: CriuOptions? = nil, notificationSucceeded: Bool? = nil, features: CriuFeatures? = nil
    ) {
        self.kind = kind
        self.options = options
        self.notificationSucceeded = notificationSucceeded
        self.features = features
    }

    public static func dump(_ options: CriuOptions) -> CriuRequest { CriuRequest(.dump, options: options) }
    public static func preDump(_ options: CriuOptions) -> CriuRequest { CriuRequest(.preDump, options: options) }
    public static func restore(_ options: CriuOptions) -> CriuRequest { CriuRequest(.restore, options: options) }
    public static var version: CriuRequest { CriuRequest(.version) }

    static func check(_ features: CriuFeatures) -> CriuRequest { CriuRequest(.featureCheck, features: features) }
    /// Lets CRIU go on after a notification.
    static var notificationAnswer: CriuRequest { CriuRequest(.notify, notificationSucceeded: true) }
}

extension CriuRequest: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(kind.rawValue, as: 1)
        writer.write(options, as: 2)
        writer.write(notificationSucceeded, as: 3)
        writer.write(features, as: 5)
    }
}

/// What a kernel and a CRIU can do: `criu_features`. Nil: not asked, or not answered.
public struct CriuFeatures: Hashable, Sendable {
    /// Pages that were written to can be found: what pre-dumps need.
    public var tracksMemory: Bool?
    /// Pages can be served while the process runs already: userfaultfd(2).
    public var servesPagesLazily: Bool?

    public init(tracksMemory: Bool? = nil, servesPagesLazily: Bool? = nil) {
        self.tracksMemory = tracksMemory
        self.servesPagesLazily = servesPagesLazily
    }

    /// Names of those that `wanted` asks for and this lacks.
    public func lacking(_ wanted: CriuFeatures) -> [String] {
        var names: [String] = []
        if wanted.tracksMemory == true, tracksMemory != true { names.append("MemTrack") }
        if wanted.servesPagesLazily == true, servesPagesLazily != true { names.append("LazyPages") }
        return names
    }
}

extension CriuFeatures: WireMessage {
    func write(to writer: inout WireWriter) {
        writer.write(tracksMemory, as: 1)
        writer.write(servesPagesLazily, as: 2)
    }

    init(_ fields: [WireField]) {
        self.init(tracksMemory: fields[number: 1]?.bool, servesPagesLazily: fields[number: 2]?.bool)
    }
}
