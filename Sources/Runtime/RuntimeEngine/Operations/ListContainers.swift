extension RuntimeRoot {
    /// All containers, by name, and one line for each that cannot be read.
    public func list() throws(RuntimeError) -> (containers: [ContainerReport], warnings: [String]) {
        throw RuntimeError(.notSupported, "list: not there yet")
    }
}
