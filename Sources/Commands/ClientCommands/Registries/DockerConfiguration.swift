internal import CommandKit
internal import FoundationEssentials
internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

private typealias JSONValue = RuntimeSpec.JSONValue

/// docker's `config.json` of this user. Members that are none of ours stay as they are.
struct DockerConfiguration {
    let path: String
    private var document: RuntimeSpec.JSONValue

    /// The file for these variables: `DOCKER_CONFIG` names its directory, `~/.docker` else; nil without a home.
    static func path(_ environment: Environment) -> String? {
        if let directory = environment["DOCKER_CONFIG"], !directory.isEmpty { return directory + "/config.json" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.docker/config.json"
    }

    /// Reads the file; one that is not there has nothing in it.
    init(at path: String) throws(CommandFailure) {
        self.path = path
        let bytes: [UInt8]
        do { bytes = try Descriptor.workingDirectory.readFile(path) } catch {
            guard error.errno == .noEntry else { throw CommandFailure("cannot read \(path): \(error.errno)") }
            document = .object([])
            return
        }
        do { document = try JSONValue(parsing: bytes) } catch {
            throw CommandFailure("cannot read \(path): \(error): mend it, or move it away")
        }
        guard case .object = document else { throw CommandFailure("cannot read \(path): it must be an object of JSON") }
    }

    /// Writes the file, for its owner only if it is new. A symbolic link to it stays one.
    func save() throws(CommandFailure) {
        let directory = Descriptor.workingDirectory
        do {
            let place = try Self.target(of: path)
            try directory.makeDirectories(parentDirectory(of: place), mode: 0o700)
            let mode = (try? directory.status(of: place).mode) ?? 0o600
            try directory.writeFileDurably(place, Array((document.lines + "\n").utf8), mode: mode)
        } catch { throw CommandFailure("cannot write \(path): \(error.errno)") }
    }

    private static func target(of path: String) throws(SystemError) -> String {
        guard (try? Descriptor.workingDirectory.status(of: path, followingLinks: false).kind) == .symbolicLink else {
            return path
        }
        let target = try Descriptor.workingDirectory.readSymbolicLink(path)
        return target.hasPrefix("/") ? target : parentDirectory(of: path) + "/" + target
    }
}

// MARK: What it says

extension DockerConfiguration {
    /// The name of the credential helper that keeps the login for `host`; nil when this file does.
    func helper(for host: RegistryHost) -> String? {
        (document["credHelpers"]?[host.key] ?? document["credsStore"])?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The login for `host` that the file itself holds.
    func login(for host: RegistryHost) -> RegistryLogin? {
        guard let entry = key(of: host).flatMap({ document["auths"]?[$0] }) else { return nil }
        let (username, password) = Self.pair(entry["auth"]?.text ?? "") ?? (nil, nil)
        let login = RegistryLogin(
            username: username ?? entry["username"]?.text, password: password ?? entry["password"]?.text,
            identityToken: entry["identitytoken"]?.text, registryToken: entry["registrytoken"]?.text)
        return login.isEmpty ? nil : login
    }

    /// Keeps `login` in the file itself; an empty one says that a helper has it.
    mutating func keep(_ login: RegistryLogin, for host: RegistryHost) {
        forget(host)
        var entry: [(name: String, value: RuntimeSpec.JSONValue)] = []
        if let username = login.username {
            let pair = Data("\(username):\(login.password ?? "")".utf8)
            entry.append(("auth", .string(pair.base64EncodedString())))
        }
        if let token = login.identityToken { entry.append(("identitytoken", .string(token))) }
        var logins = document["auths"] ?? .object([])
        logins[host.key] = .object(entry)
        document["auths"] = logins
    }

    /// Removes the login for `host`; false when there is none.
    @discardableResult
    mutating func forget(_ host: RegistryHost) -> Bool {
        guard let key = key(of: host), var logins = document["auths"] else { return false }
        logins[key] = nil
        document["auths"] = logins
        return true
    }

    /// The member of `auths` that is for `host`: its key, or else an address of it.
    private func key(of host: RegistryHost) -> String? {
        guard case .object(let logins)? = document["auths"] else { return nil }
        let names = logins.map(\.name)
        return names.first { $0 == host.key } ?? names.first { RegistryHost($0) == host }
    }

    /// `user:password` from base64.
    private static func pair(_ text: String) -> (username: String, password: String)? {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }
}

extension RegistryLogin {
    var isEmpty: Bool { self == RegistryLogin() }
}

extension RuntimeSpec.JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A member of an object; setting nil removes it. Nothing is set in what is no object.
    fileprivate subscript(name: String) -> RuntimeSpec.JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.last { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let place = members.firstIndex { $0.name == name } ?? members.endIndex
            members.removeAll { $0.name == name }
            if let newValue { members.insert((name, newValue), at: place) }
            self = .object(members)
        }
    }
}
