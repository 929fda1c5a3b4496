internal import RuntimeSpec

extension RuntimeRoot {
    /// Makes a container and leaves its first process waiting for ``start(_:)``.
    ///
    /// A failure leaves nothing behind.
    public func create(_ id: String, _ options: CreateOptions) throws(RuntimeError) {
        try OwnExecutable.requireProtection(telling: log)
        let order = try ContainerOrder(id, options, in: self)
        if order.configuration.process?.terminal ?? false, options.consoleSocket == nil {
            throw RuntimeError(
                .invalidConfiguration, "process.terminal: needs --console-socket, which receives the terminal")
        }
        _ = try order.carryOut(startsBy: .laterCall)
    }
}
