extension ThisProcess {
    /// The first program called `name` in the directories of `PATH`, as execvp(3) would find it; nil if there is none.
    public static func findProgram(_ name: String) -> String? {
        for directory in (variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = directory + "/" + name
            if Descriptor.workingDirectory.whyNotExecutable(String(path)) == nil { return String(path) }
        }
        return nil
    }
}
