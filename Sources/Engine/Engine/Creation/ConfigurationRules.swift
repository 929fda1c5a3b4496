internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

// docker's rules for what a container runs, from what the user asked for and what the image says. Pure.

extension ContainerConfiguration {
    /// `id` gives the hostname where nobody chose one; `networkName` comes with a network of others: of
    /// the host, or of a container.
    init(
        _ wanted: ContainerSpecification, image: ContainerDefaults, id: String, networkName: String
    ) throws(ProtocolFailure) {
        (entrypoint, command) = Self.program(wanted, image)
        arguments = (entrypoint ?? []) + (command ?? [])
        hostname = wanted.hostname ?? (Self.hasNameOfItsOwn(wanted) ? String(id.prefix(12)) : networkName)
        environment = Self.environment(wanted, image, hostname: hostname)
        workingDirectory = (wanted.workingDirectory ?? image.workingDirectory).flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        user = wanted.user ?? image.user ?? ""
        labels = (image.labels ?? [:]).merging(wanted.labels) { $1 }
        stopSignal = wanted.stopSignal ?? image.stopSignal
        stopTimeout = wanted.stopTimeout ?? image.stopTimeout
        try validate()
    }

    private static func hasNameOfItsOwn(_ wanted: ContainerSpecification) -> Bool {
        wanted.network == .none && wanted.namespaces.uts != "host"
    }

    /// An entry point of the user's replaces the image's, and the image's command with it; `[""]` or nothing resets.
    private static func program(_ wanted: ContainerSpecification, _ image: ContainerDefaults)
        -> (entrypoint: [String]?, command: [String]?)
    {
        let command = wanted.command.isEmpty ? nil : wanted.command
        guard let entrypoint = wanted.entrypoint else {
            return (image.entrypoint, command ?? image.command)
        }
        return (entrypoint.isEmpty || entrypoint == [""] ? nil : entrypoint, command)
    }

    private static func environment(_ wanted: ContainerSpecification, _ image: ContainerDefaults, hostname: String)
        -> [String]
    {
        var environment = Environment(["PATH=\(defaultPath)", "HOSTNAME=\(hostname)"])
        if wanted.terminal { environment.set("TERM=xterm") }
        for entry in image.environment ?? [] { environment.set(entry) }
        for entry in wanted.environment { environment.set(entry) }
        return environment.entries
    }

    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private func validate() throws(ProtocolFailure) {
        guard let program = arguments.first, !program.isEmpty else {
            throw ProtocolFailure(.invalidArgument, "no command specified, and the image has none")
        }
        guard workingDirectory.hasPrefix("/") else {
            throw ProtocolFailure(
                .invalidArgument,
                "the working directory '\(workingDirectory)' is invalid, it needs to be an absolute path")
        }
        guard (1...64).contains(hostname.utf8.count), !hostname.utf8.contains(where: { $0 <= 0x20 || $0 == 0x2f })
        else {
            throw ProtocolFailure(
                .invalidArgument, "invalid hostname '\(hostname)': 1 to 64 bytes without spaces and slashes")
        }
        if let stopSignal, Signal.number(named: stopSignal) == nil {
            throw ProtocolFailure(.invalidArgument, "invalid stop signal '\(stopSignal)'")
        }
        for text in arguments + environment + [workingDirectory, user] where text.utf8.contains(0) {
            throw ProtocolFailure(.invalidArgument, "a NUL byte cannot stand in arguments, environment, paths or names")
        }
    }
}

/// `NAME=value` entries, each name once, in the order in which they first came.
struct Environment: Sendable, Hashable {
    private(set) var entries: [String] = []

    init(_ entries: [String] = []) { for entry in entries { set(entry) } }

    /// `NAME=value` sets or replaces; `NAME` alone removes.
    mutating func set(_ entry: String) {
        let name = Self.name(of: entry)
        let place = entries.firstIndex { Self.name(of: $0) == name }
        switch (entry.contains("="), place) {
        case (true, let place?): entries[place] = entry
        case (true, nil): entries.append(entry)
        case (false, let place?): entries.remove(at: place)
        case (false, nil): break
        }
    }

    private static func name(of entry: String) -> Substring { entry.prefix { $0 != "=" } }
}
