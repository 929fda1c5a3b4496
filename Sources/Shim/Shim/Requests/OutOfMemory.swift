import LineProtocol
import LinuxKernel

// `shim.out-of-memory`: the kernel tells of a want of memory, and counts whom it kills.

extension Shim {
    /// A notice may come a moment before the kernel has counted: then it is asked again, so often at most.
    private static let mostLooks = 20
    private static let pause: UInt64 = 50
    private static let mostMemoryWaiters = 64

    /// The container's first process waits in its cgroup.
    func watchMemory() throws(SystemError) {
        guard let watch = OutOfMemoryWatch(ofProcess: pid) else { return }
        memory = watch
        _ = try loop.watch(watch.descriptor, for: .readable) { [unowned self] _ in lookAtMemory(again: Self.mostLooks) }
    }

    func lookAtMemory(again looks: Int = 0) {
        guard let memory else { return }
        let before = memory.kills
        memory.look()
        if memory.kills == before, looks > 0 {
            _ = loop.schedule(afterMilliseconds: Self.pause) { [unowned self] in lookAtMemory(again: looks - 1) }
        }
        answerMemoryWaiters(memory.kills)
    }

    private func answerMemoryWaiters(_ kills: Int) {
        let told = memoryWaiters.filter { $0.known < kills }
        memoryWaiters.removeAll { $0.known < kills }
        for waiter in told { reply(waiter.requester, ShimOutOfMemory.Result(kills: kills)) }
    }

    func outOfMemory(_ parameters: ShimOutOfMemory.Parameters, _ requester: Requester) throws(ProtocolFailure) {
        guard let memory else {
            throw ProtocolFailure(.notSupported, "the kernel does not count who is killed for want of memory here")
        }
        guard memoryWaiters.count < Self.mostMemoryWaiters else {
            throw ProtocolFailure(.inUse, "\(Self.mostMemoryWaiters) requests wait for a want of memory already")
        }
        memoryWaiters.append((requester, parameters.known))
        answerMemoryWaiters(memory.kills)
    }
}
