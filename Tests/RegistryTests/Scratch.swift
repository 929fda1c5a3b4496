import LinuxKernel

/// A directory of a test's own, removed with all that is in it.
final class Scratch {
    let path: String

    init() throws {
        path = "/tmp/wherry-unit-\(ThisProcess.pid)-\(UInt64.random(in: .min ... .max))"
        try Descriptor.workingDirectory.makeDirectory(path, mode: 0o755)
    }

    deinit { try? Descriptor.workingDirectory.removeTree(path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func names(_ name: String) throws -> [String] {
        try Descriptor.workingDirectory.entries(of: self(name)).map(\.name).sorted()
    }
}
