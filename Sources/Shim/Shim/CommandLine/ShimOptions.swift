/// What wherry-shim(8) is told on its command line.
struct ShimOptions: Hashable, Sendable {
    enum LogDriver: String, Hashable, Sendable, CaseIterable {
        /// docker's format, one JSON object a line.
        case jsonFile = "json-file"
        case none
    }

    var id = ""
    var bundle = ""
    var runtime = ""
    var runtimeRoot: String?
    var usesSystemdCgroup = false
    var socket = ""
    var exitFile = ""
    var logDriver = LogDriver.jsonFile
    var logFile: String?
    /// Bytes; nil: the log grows as long as it will.
    var logMaxSize: Int64?
    var logMaxFiles = 1
    var hasTerminal = false
    var opensStandardInput = false
    var closesStandardInputOnDetach = false
    /// Takes the shim's own process ID.
    var pidFile: String?
}

/// What a command line asks for.
enum ShimInvocation: Hashable, Sendable {
    case run(ShimOptions)
    case showHelp
    case showVersion
}

/// Why a command line was refused.
enum UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownOption(String)
    case unexpectedArgument(String)
    case missingValue(option: String)
    case unexpectedValue(option: String)
    case badValue(option: String, value: String, wanted: String)
    case missingOption(String)

    var description: String {
        switch self {
        case .unknownOption(let option): "unknown option \(option)"
        case .unexpectedArgument(let argument): "unexpected argument \"\(argument)\""
        case .missingValue(let option): "\(option) needs a value"
        case .unexpectedValue(let option): "\(option) takes no value"
        case .badValue(let option, let value, let wanted): "\(option) \"\(value)\": expected \(wanted)"
        case .missingOption(let option): "\(option) is missing"
        }
    }
}

extension ShimInvocation {
    /// Reads a command line without the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        var options = ShimOptions()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" {
                self = .showHelp
                return
            }
            if argument == "--version" {
                self = .showVersion
                return
            }
            try options.take(argument, followedBy: &rest)
        }
        try options.check()
        self = .run(options)
    }
}

extension ShimOptions {
    fileprivate mutating func take(_ argument: String, followedBy rest: inout ArraySlice<String>) throws(UsageError) {
        guard argument.hasPrefix("-") else { throw .unexpectedArgument(argument) }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = ShimOption.all.first(where: { $0.name == parts[0] }) else {
            throw .unknownOption(parts[0])
        }
        switch option.effect {
        case .flag(let set):
            if parts.count > 1 { throw .unexpectedValue(option: option.name) }
            set(&self)
        case .value(_, let set):
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
                throw .missingValue(option: option.name)
            }
            if let wanted = set(&self, value) {
                throw .badValue(option: option.name, value: value, wanted: wanted)
            }
        }
    }

    fileprivate func check() throws(UsageError) {
        let required = [
            ("--id", id), ("--bundle", bundle), ("--runtime", runtime), ("--socket", socket), ("--exit-file", exitFile),
        ]
        for (option, value) in required where value.isEmpty { throw .missingOption(option) }
        if logDriver == .jsonFile, logFile == nil { throw .missingOption("--log-file") }
    }
}
