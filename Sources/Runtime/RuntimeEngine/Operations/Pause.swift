extension RuntimeRoot {
    /// Stops all processes of a container by its freezer.
    public func pause(_ id: String) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "pause: not there yet")
    }

    public func resume(_ id: String) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "resume: not there yet")
    }
}
