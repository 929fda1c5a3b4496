import LinuxKernel
public import RuntimeSpec

/// A bundle: a folder with `config.json` and `rootfs` (runtime-spec, bundle.md).
public final class Bundle {
    public enum RootFilesystem {
        /// A copy of its own, which the container may write to.
        case busybox
        /// Bookworm, shared by all tests and therefore read-only.
        case debian
    }

    public let path: String
    /// What ``write()`` puts into `config.json`: at first `runc spec`'s, without a terminal.
    public var configuration: RuntimeConfiguration
    private let scratch: Scratch

    public var rootfs: String { path + "/rootfs" }

    /// Makes a bundle that runs `arguments`, and writes it.
    public init(
        in scratch: Scratch, named name: String = "bundle", _ root: RootFilesystem = .busybox,
        running arguments: [String],
        configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws {
        self.scratch = scratch
        path = try scratch.directory(name)
        configuration = try Bundle.standard()
        configuration.process?.args = arguments
        configuration.process?.terminal = false
        // Debian's runc names ambient capabilities that cannot be raised; of those newer runtimes, and ours, warn.
        configuration.process?.capabilities?.ambient = nil
        switch root {
        case .busybox:
            configuration.root = Root(path: "rootfs", readonly: false)
            try Command("cp", ["-a", "--reflink=auto", try TestImages.path("busybox-rootfs"), rootfs]).succeed()
        case .debian: configuration.root = Root(path: try TestImages.path("debian-rootfs"), readonly: true)
        }
        configure(&configuration)
        try write()
    }

    public func write() throws {
        try write(json: String(decoding: configuration.document(indented: true), as: UTF8.self))
    }

    /// Any text at all as `config.json`: for what no value can say.
    public func write(json: String) throws { try Files.write(path + "/config.json", json) }

    public func change(_ change: (inout RuntimeConfiguration) -> Void) throws {
        change(&configuration)
        try write()
    }

    /// What `runc spec` writes.
    private static func standard() throws -> RuntimeConfiguration {
        let scratch = try Scratch()
        try Command("runc", ["spec"]).changed { $0.directory = scratch.path }.succeed()
        return try RuntimeConfiguration(parsing: Array(try Files.read(scratch("config.json")).utf8))
    }
}
