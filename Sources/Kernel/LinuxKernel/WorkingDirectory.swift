extension ThisProcess {
    /// The directory that relative paths start at.
    public static func workingDirectory() throws(SystemError) -> String {
        try Descriptor.workingDirectory.readSymbolicLink("/proc/self/cwd")
    }
}
