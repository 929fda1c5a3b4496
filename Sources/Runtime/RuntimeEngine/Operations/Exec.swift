extension RuntimeRoot {
    /// Runs another process in a container. Returns its exit code as ``run(_:_:)`` does.
    public func exec(_ id: String, _ options: ExecOptions) throws(RuntimeError) -> Int32 {
        throw RuntimeError(.notSupported, "exec: not there yet")
    }
}
