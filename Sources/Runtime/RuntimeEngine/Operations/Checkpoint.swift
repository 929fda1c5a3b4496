internal import RuntimeSpec

extension RuntimeRoot {
    /// Saves a running container, its processes and their memory, to the directory of the images. Unless told otherwise
    /// the container is gone afterwards.
    public func checkpoint(_ id: String, _ options: CheckpointOptions) throws(RuntimeError) {
        let container = try FoundContainer(id, in: self)
        try container.require([.running, .paused], to: "checkpoint")
        try ContainerDump(container, options).perform(log.warn)
        guard !options.leavesRunning, !options.isPreDump else { return }
        do throws(RuntimeError) { try remove(container) } catch { log.warn(error.message) }
    }
}
