extension RuntimeRoot {
    /// Makes a container and leaves its first process waiting for ``start(_:)``.
    ///
    /// A failure leaves nothing behind.
    public func create(_ id: String, _ options: CreateOptions) throws(RuntimeError) {
        throw RuntimeError(.notSupported, "create: not there yet")
    }
}
