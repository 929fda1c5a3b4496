extension RuntimeRoot {
    /// Lets the process of a created container run.
    public func start(_ id: String) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "start: not there yet")
    }
}
