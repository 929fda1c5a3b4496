import LinuxKernel

/// Calls `body` with an empty directory that is gone afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = "/tmp/wherry-shim-test-\(ThisProcess.pid)-\(monotonicTime())"
    try Descriptor.workingDirectory.makeDirectory(path, mode: 0o700)
    defer { try? Descriptor.workingDirectory.removeTree(path) }
    try body(path)
}
