import Harness
import LinuxKernel
import RuntimeSpec

/// Containers of the tests about mounts: a script in a bundle of its own, and mounts of the host's to show in it.
struct MountFixture {
    let scratch: Scratch

    func run(
        _ script: String, inUserNamespace: Bool = false, _ configure: (inout RuntimeConfiguration) -> Void
    ) throws -> Outcome {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            if inUserNamespace { $0.mapUsers() }
            configure(&$0)
        }
        defer { _ = try? Command("rm", ["-rf", bundle.path]).run() }
        if inUserNamespace { try bundle.giveRoot() }
        return try Container(bundle, in: scratch, by: .wherry).run()
    }

    func start(_ configure: (inout RuntimeConfiguration) -> Void) throws -> Container {
        let bundle = try Bundle(in: scratch, running: ["sleep", "1000"], configure: configure)
        let container = try Container(bundle, in: scratch, by: .wherry)
        for outcome in [try container.create(), try container.start()] where outcome.status != 0 {
            throw HarnessError("\(outcome)")
        }
        return container
    }

    /// A tmpfs of the host's at `name`, with `flags` of its own mount; gone with the scratch folder.
    func hostMount(_ name: String, _ flags: String = "rw") throws -> String {
        let path = try scratch.directory(name)
        try Command("mount", ["-t", "tmpfs", "-o", "mode=755,strictatime", "tmpfs", path]).succeed()
        try Command("mount", ["--bind", "-o", "remount,diratime,strictatime", path]).succeed()
        try Command("mount", ["--bind", "-o", "remount," + flags, path]).succeed()
        return path
    }

    /// Destinations that begin with `/m`, and the flags of their mounts.
    static let showFlags = "awk '$5 ~ \"^/m\" { print $5, $6 }' /proc/self/mountinfo"
}

extension RuntimeConfiguration {
    /// A user namespace whose users are others on the host.
    mutating func mapUsers(to host: UInt32 = 100_000) {
        linux?.namespaces?.append(Namespace(type: .user))
        let mappings = [IDMapping(containerID: 0, hostID: host, size: 65_536)]
        linux?.uidMappings = mappings
        linux?.gidMappings = mappings
    }

    mutating func allow(_ capability: String) {
        process?.capabilities?.bounding?.append(capability)
        process?.capabilities?.effective?.append(capability)
        process?.capabilities?.permitted?.append(capability)
    }
}

extension Bundle {
    /// Gives the root filesystem to the users of ``RuntimeSpec/RuntimeConfiguration/mapUsers(to:)``.
    func giveRoot(to host: UInt32 = 100_000) throws {
        try Command("chown", ["-R", "\(host):\(host)", rootfs]).succeed()
    }
}
