extension RuntimeRoot {
    public func state(_ id: String) throws(RuntimeError) -> ContainerReport {
        throw RuntimeError(.notSupported, "state: not there yet")
    }
}
