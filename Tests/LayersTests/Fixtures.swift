import LinuxKernel

/// Archives from `spec-fixtures/layers`.
enum Fixtures {
    static func bytes(_ name: String) throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try Descriptor.workingDirectory.readFile("/\(root)/spec-fixtures/layers/\(name)")
    }
}
