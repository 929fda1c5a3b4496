internal import CommandKit
internal import LineProtocol

/// The value of `-v`: `[HOST-PATH|NAME:]CONTAINER-PATH[:OPTIONS]`, docker's "short syntax".
struct VolumeArgument: Hashable {
    var mount: ContainerSpecification.Mount
    /// `z` or `Z`: the files are to be labelled anew for SELinux.
    var relabels = false

    private static let propagations: Set<String> = ["rprivate", "rshared", "rslave", "private", "shared", "slave"]
    /// Words of Docker Desktop on a Mac; Linux has nothing to do for them.
    private static let meaningless: Set<String> = ["consistent", "cached", "delegated"]

    /// `directory` is the client's working directory: `./x` is below it.
    init(_ text: String, directory: @autoclosure () -> String) throws(CommandFailure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: mount = ContainerSpecification.Mount(kind: .volume, source: nil, target: parts[0])
        case 2, 3: mount = try Self.mount(from: parts[0], to: parts[1], directory: directory(), text)
        default: throw Self.refusal(text, "it has more than three parts")
        }
        try Self.check(target: mount.target, text)
        if parts.count == 3 { try apply(options: parts[2], text) }
    }

    private static func mount(from source: String, to target: String, directory: String, _ text: String)
        throws(CommandFailure) -> ContainerSpecification.Mount
    {
        guard !source.isEmpty else { throw refusal(text, "nothing stands before the colon") }
        if let path = hostPath(source, directory: directory) {
            return ContainerSpecification.Mount(kind: .bind, source: path, target: target)
        }
        guard isVolumeName(source) else {
            throw refusal(
                text,
                "\(source) is no volume name ([a-zA-Z0-9][a-zA-Z0-9_.-]+); a host directory begins with / or ./")
        }
        return ContainerSpecification.Mount(kind: .volume, source: source, target: target)
    }

    /// A path, absolute, or nil for a volume's name.
    private static func hostPath(_ source: String, directory: String) -> String? {
        if source.hasPrefix("/") { return PathName.clean(source) }
        return source.hasPrefix(".") ? PathName.clean(directory + "/" + source) : nil
    }

    static func isVolumeName(_ name: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count > 1 else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    static func check(target: String, _ text: String) throws(CommandFailure) {
        guard target.hasPrefix("/") else { throw refusal(text, "the path in the container must begin with /") }
        guard PathName.clean(target) != "/" else { throw refusal(text, "the path in the container can't be /") }
    }

    private mutating func apply(options: String, _ text: String) throws(CommandFailure) {
        for option in options.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            switch option {
            case "ro": mount.readOnly = true
            case "rw": mount.readOnly = false
            case "z", "Z": relabels = true
            case "nocopy":
                guard mount.kind == .volume else { throw Self.refusal(text, "nocopy is for volumes") }
                mount.noCopy = true
            case _ where Self.propagations.contains(option):
                guard mount.kind == .bind else { throw Self.refusal(text, "\(option) is for host directories") }
                mount.propagation = option
            case _ where Self.meaningless.contains(option): break
            default: throw Self.refusal(text, "option '\(option)' is not known")
            }
        }
    }

    static func refusal(_ text: String, _ reason: String) -> CommandFailure {
        CommandFailure("invalid volume \(text): \(reason)", exitCode: ExitCodes.notRun)
    }
}

/// Paths as text.
enum PathName {
    /// Without `.`, `..`, and doubled slashes, as far as can be said without looking at links.
    static func clean(_ path: String) -> String {
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }
}
