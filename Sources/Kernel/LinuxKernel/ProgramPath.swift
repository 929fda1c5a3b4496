extension ThisProcess {
    /// The first program called `name` in the directories of `path`, `PATH` that is, as execvp(3) would find it; nil if
    /// there is none.
    public static func findProgram(_ name: String, in path: String? = variable("PATH")) -> String? {
        for directory in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = directory + "/" + name
            if Descriptor.workingDirectory.whyNotExecutable(String(path)) == nil { return String(path) }
        }
        return nil
    }
}
