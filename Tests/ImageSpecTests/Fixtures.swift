import LinuxKernel

/// A document from `spec-fixtures/image-spec`.
func fixture(_ name: String) throws -> [UInt8] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try Descriptor.workingDirectory.readFile("/\(root)/spec-fixtures/image-spec/\(name)")
}
