extension RuntimeRoot {
    /// Sends `signal` to a container's first process, or to all of its processes.
    public func kill(_ id: String, signal: Int32, all: Bool = false) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "kill: not there yet")
    }
}
