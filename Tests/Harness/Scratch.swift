import LinuxKernel

/// A folder of a test's own, removed with all that is in it when the last reference goes.
public final class Scratch {
    /// Absolute, and short enough for sockets in folders below it.
    public let path: String

    public init() throws {
        path = try Scratch.makePath()
        try Descriptor.workingDirectory.makeDirectory(path, mode: 0o755)
    }

    deinit {
        for mount in MountTable.ofThisProcess.points(below: path).reversed() {
            _ = try? Command("umount", ["--lazy", mount]).run()
        }
        try? Descriptor.workingDirectory.removeTree(path)
    }

    private static func makePath() throws -> String {
        // podman takes no --runroot of more than 50 characters.
        "/tmp/wherry-test-\(ThisProcess.pid)-\(String(UInt32.random(in: .min ... .max), radix: 36))"
    }

    /// The path of `name` in here.
    public func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// The names in the folder `name`, sorted.
    public func names(_ name: String) throws -> [String] {
        try Descriptor.workingDirectory.entries(of: self(name)).map(\.name).sorted()
    }

    /// Makes the folder `name` and returns its path.
    @discardableResult
    public func directory(_ name: String) throws -> String {
        try Descriptor.workingDirectory.makeDirectories(self(name), mode: 0o755)
        return self(name)
    }

    /// Writes a file and returns its path.
    @discardableResult
    public func file(_ name: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
        try Files.write(self(name), text, mode: mode)
        return self(name)
    }
}

/// Whole files by path.
public enum Files {
    public static func read(_ path: String) throws -> String {
        String(decoding: try Descriptor.workingDirectory.readFile(path), as: UTF8.self)
    }

    public static func write(_ path: String, _ text: String, mode: UInt32 = 0o644) throws {
        let file = try Descriptor.workingDirectory.open(path, [.writeOnly, .create, .truncate], mode: mode)
        try file.descriptor.writeAll(text)
    }

    public static func exists(_ path: String) -> Bool {
        (try? Descriptor.workingDirectory.exists(path)) ?? false
    }

    /// The names in a folder, sorted; none if it is not there.
    public static func names(in path: String) -> [String] {
        ((try? Descriptor.workingDirectory.entries(of: path)) ?? []).map(\.name).sorted()
    }
}
