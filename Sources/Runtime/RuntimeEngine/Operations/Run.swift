extension RuntimeRoot {
    /// Creates and starts a container, and unless detached waits for its process, passes on signals and the terminal,
    /// and deletes it. Returns the process's exit code, 128 and the signal's number if a signal ended it, or 0 when
    /// detached.
    public func run(_ id: String, _ options: RunOptions) throws(RuntimeError) -> Int32 {
        throw RuntimeError(.notSupported, "run: not there yet")
    }
}
