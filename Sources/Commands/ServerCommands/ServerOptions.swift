internal import ArgumentParser
internal import CommandKit
internal import LinuxKernel

/// What wherryd(8) is told on its command line.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where lasting data is kept. (default: /var/lib/wherry)", valueName: "dir"))
    var root: String?

    @Option(help: ArgumentHelp("Where volatile state is kept. (default: /run/wherry)", valueName: "dir"))
    var state: String?

    @Option(help: ArgumentHelp("The socket to answer on. (default: STATE/wherryd.sock)", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "The program that holds a container. (default: wherry-shim beside wherryd)", valueName: "path"))
    var shim: String?

    @Option(
        help: ArgumentHelp(
            "An OCI runtime with runc's command line. (default: wherry-runtime beside wherryd)", valueName: "path"))
    var runtime: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A registry that may be reached without TLS, or whose certificate nobody vouches for.",
            valueName: "host[:port]"))
    var insecureRegistry: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A mirror that is asked before its registry. (without a registry: Docker Hub's)",
            valueName: "[registry=]url"))
    var registryMirror: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where certificates of registries lie, by host. (default: /etc/wherry/certs.d and /etc/docker/certs.d)",
            valueName: "dir"))
    var certsDir: String?

    @Option(
        help: ArgumentHelp(
            "The least level that is logged: trace, debug, info, notice, warning, error or critical.",
            valueName: "level"))
    var logLevel = "info"

    @Flag(help: "Log at level debug.")
    var debug = false
}

/// Where everything is, once defaults are filled in.
struct ServerPaths: Sendable, Hashable {
    let root: String
    let state: String
    let socket: String
    let shim: String
    let runtime: String

    /// `environment` gives the directories of a user that is not root (XDG Base Directory Specification).
    init(
        _ options: ServerOptions, isRoot: Bool, executable: String, directory: String,
        variable: (String) -> String?
    ) throws(CommandFailure) {
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
        let home = executable.lastIndex(of: "/").map { String(executable[..<$0]) } ?? ""
        let (data, run) = isRoot ? ("/var/lib", "/run") : (Self.dataHome(variable), variable("XDG_RUNTIME_DIR"))
        root = absolute(try Self.directory(options.root, in: data, "--root or XDG_DATA_HOME"))
        state = absolute(try Self.directory(options.state, in: run, "--state or XDG_RUNTIME_DIR"))
        socket = absolute(options.socket ?? state + "/wherryd.sock")
        shim = absolute(options.shim ?? home + "/wherry-shim")
        runtime = Self.program(options.runtime ?? home + "/wherry-runtime", absolute, variable("PATH"))
    }

    /// A runtime may be named as a shell would find it: `runc`.
    private static func program(_ name: String, _ absolute: (String) -> String, _ path: String?) -> String {
        if name.contains("/") { return absolute(name) }
        let places = (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin").split(separator: ":")
        let found = places.map { "\($0)/\(name)" }.first { (try? Descriptor.workingDirectory.exists($0)) == true }
        return found ?? absolute(name)
    }

    private static func directory(_ chosen: String?, in standard: String?, _ names: String) throws(CommandFailure)
        -> String
    {
        if let chosen { return chosen }
        guard let standard, standard.hasPrefix("/") else {
            throw CommandFailure("there is no standard directory for this user: set \(names)")
        }
        return standard + "/wherry"
    }

    private static func dataHome(_ variable: (String) -> String?) -> String? {
        variable("XDG_DATA_HOME") ?? variable("HOME").map { $0 + "/.local/share" }
    }
}
