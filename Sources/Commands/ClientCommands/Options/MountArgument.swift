internal import CommandKit
internal import LineProtocol

/// The value of `--mount`: `type=bind,source=/x,target=/y,readonly`.
enum MountArgument {
    static func parse(_ text: String, directory: @autoclosure () -> String) throws(CommandFailure)
        -> ContainerSpecification.Mount
    {
        var mount = ContainerSpecification.Mount(kind: .volume, source: nil, target: "")
        for field in text.split(separator: ",").map(String.init) {
            let (key, value) = KeyValue.split(field)
            try apply(key.lowercased(), value, to: &mount, text)
        }
        guard !mount.target.isEmpty else { throw refusal(text, "target is missing") }
        try VolumeArgument.check(target: mount.target, text)
        if mount.kind == .bind { mount.source = try hostPath(mount.source, directory: directory(), text) }
        return mount
    }

    private static func apply(
        _ key: String, _ value: String?, to mount: inout ContainerSpecification.Mount, _ text: String
    ) throws(CommandFailure) {
        switch (key, value) {
        case ("type", "bind"?): mount.kind = .bind
        case ("type", "volume"?): mount.kind = .volume
        case ("type", let kind?): throw refusal(text, "type \(kind) is not supported, only bind and volume")
        case ("source", let source?), ("src", let source?): mount.source = source
        case ("target", let target?), ("destination", let target?), ("dst", let target?): mount.target = target
        case ("readonly", _), ("ro", _): mount.readOnly = try flag(key, value, text)
        case ("volume-nocopy", _): mount.noCopy = try flag(key, value, text)
        case ("bind-propagation", let propagation?): mount.propagation = propagation
        default: throw refusal(text, "'\(key)' is not known")
        }
    }

    private static func flag(_ key: String, _ value: String?, _ text: String) throws(CommandFailure) -> Bool {
        switch value {
        case nil, "true"?, "1"?: return true
        case "false"?, "0"?: return false
        case let other?: throw refusal(text, "\(key) is true or false, not \(other)")
        }
    }

    private static func hostPath(_ source: String?, directory: String, _ text: String) throws(CommandFailure) -> String
    {
        guard let source, !source.isEmpty else { throw refusal(text, "source is missing") }
        return PathName.clean(source.hasPrefix("/") ? source : directory + "/" + source)
    }

    private static func refusal(_ text: String, _ reason: String) -> CommandFailure {
        CommandFailure("invalid mount \(text): \(reason)", exitCode: ExitCodes.notRun)
    }
}
