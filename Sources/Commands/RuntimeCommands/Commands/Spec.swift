internal import LinuxKernel
internal import RuntimeSpec

extension Command {
    static let spec = Command(
        "spec", "write a config.json to begin with",
        flags: [
            Flag("bundle", "b", takes: "DIRECTORY", "the bundle's directory (default: the current one)"),
            Flag("rootless", "writes a configuration that a user without privileges can run"),
        ], count: 0...0
    ) { invocation in
        let path = (invocation.flags.text("bundle").map { $0 + "/" } ?? "") + "config.json"
        if try Descriptor.workingDirectory.exists(path) {
            throw UsageError("File \(path) exists. Remove it first")
        }
        var configuration = RuntimeConfiguration.example(unifiedCgroups: unifiedCgroups)
        if invocation.flags.isSet("rootless") {
            configuration.makeRootless(user: ThisProcess.effectiveUser, group: ThisProcess.effectiveGroup)
        }
        let file = try Descriptor.workingDirectory.open(path, [.writeOnly, .create, .exclusive], mode: 0o666)
        try file.descriptor.writeAll(configuration.document(indented: true) + [UInt8(ascii: "\n")])
        return 0
    }

    /// With cgroup v2 alone a cgroup namespace is part of the example.
    private static var unifiedCgroups: Bool {
        guard let directory = try? Descriptor.workingDirectory.open("/sys/fs/cgroup", [.path, .directory]) else {
            return false
        }
        return (try? directory.descriptor.filesystemType()) == FilesystemType.cgroup2
    }
}
