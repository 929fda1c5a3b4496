public import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

extension RuntimeRoot {
    /// What the container uses now.
    public func statistics(_ id: String) throws(RuntimeError) -> CgroupStatistics {
        let container = try FoundContainer(id, in: self)
        try container.requireRunning()
        var statistics = try withCgroups(container.cgroups.statistics)
        statistics.resourceControl = container.stored.resourceControl.flatMap(ResourceControlStatistics.init)
        return statistics
    }

    /// Begins to wait for what becomes of a container.
    public func watch(_ id: String) throws(RuntimeError) -> ContainerWatch {
        try ContainerWatch(FoundContainer(id, in: self))
    }
}

/// Waits for what the kernel has to tell of a container.
public final class ContainerWatch {
    public enum Event: Sendable {
        /// A process was killed for want of memory, or would have been.
        case outOfMemory
        /// The first process, and with it the container.
        case ended
    }

    private let process: ProcessHandle
    private let memory: (any OutOfMemoryWatch)?

    fileprivate init(_ container: FoundContainer) throws(RuntimeError) {
        try container.requireRunning()
        memory = try withCgroups(container.cgroups.watchMemory)
        let handle = try performing("cannot watch the container's process") { () throws(SystemError) in
            try container.process?.handle()
        }
        guard let handle else { throw container.notRunning }
        process = handle
    }

    /// Whether the first process is no more; it may be a zombie.
    public var hasEnded: Bool {
        (try? process.descriptor.descriptor.wait(for: .readable, milliseconds: 0))?.isEmpty == false
    }

    /// What comes first; nil when the monotonic clock reaches `deadline`, in nanoseconds, before anything does.
    public func next(before deadline: UInt64) throws(RuntimeError) -> Event? {
        try performing("cannot wait for the container") { () throws(SystemError) in
            var requests = [PollRequest(process.descriptor.descriptor, for: .readable)]
            if let memory { requests.append(PollRequest(memory.descriptor, for: .readable)) }
            while true {
                let now = monotonicTime()
                // Rounded up: what is not over yet would be asked for again and again.
                let milliseconds = deadline > now ? (deadline - now + 999_999) / 1_000_000 : 0
                try requests.wait(milliseconds: CInt(clamping: milliseconds))
                // In this order: want of memory may be what ended it.
                if memory?.hasRunOut() == true { return .outOfMemory }
                if !requests[0].happened.isEmpty { return .ended }
                if milliseconds == 0 { return nil }
            }
        }
    }
}

extension FoundContainer {
    fileprivate var notRunning: RuntimeError {
        RuntimeError(.wrongState, "container with id \(stored.id) is not running")
    }

    fileprivate func requireRunning() throws(RuntimeError) { if status == .stopped { throw notRunning } }
}
