internal import BlockingThreads
public import LineProtocol
internal import LinuxKernel

extension Containers {
    /// Measures containers every second, and gives what came of it to `deliver`: once, or as long as it is wanted.
    public func statistics(
        _ wanted: ContainerStats.Parameters,
        deliver: @Sendable (ContainerStats.Item) async throws(ProtocolFailure) -> Void
    ) async throws(ProtocolFailure) {
        var samples = await measure(try await subjects(wanted))
        repeat {
            do { try await Task.sleep(for: .seconds(1)) } catch {
                throw ProtocolFailure(.cancelled, "the request was cancelled")
            }
            let subjects = try await subjects(wanted)
            let now = await measure(subjects)
            try await deliver(
                ContainerStats.Item(
                    time: .now,
                    containers: subjects.map { ContainerStatistics($0, now[$0.id], since: samples[$0.id]) }))
            samples = now
        } while wanted.follow
    }

    /// Named ones must be there; of the others there are as many as there are.
    private func subjects(_ wanted: ContainerStats.Parameters) async throws(ProtocolFailure) -> [ContainerRecord] {
        var records: [ContainerRecord] = []
        for name in wanted.containers { records.append(try await find(name).record) }
        guard wanted.containers.isEmpty else { return records }
        for container in all { records.append(await container.record) }
        return records.filter { wanted.all || $0.lifecycle.isUp }.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
    }

    private func measure(_ containers: [ContainerRecord]) async -> [String: UsageSample] {
        let memory = UInt64(services.machine.memory)
        return await services.threads.run { () throws(Never) in
            containers.reduce(into: [:]) { $0[$1.id] = UsageSample(of: $1, machineMemory: memory) }
        }
    }
}

extension UsageSample {
    /// Nil when the container does not run. Blocks.
    fileprivate init?(of container: ContainerRecord, machineMemory: UInt64) {
        let pid = container.lifecycle.pid
        guard container.lifecycle.isRunning, let cgroups = ContainerCgroups.of(pid, named: container.id) else {
            return nil
        }
        func text(_ path: String?) -> String {
            let bytes = path.flatMap { try? Descriptor.workingDirectory.readFile($0, limit: 1 << 20) }
            return String(decoding: bytes ?? [], as: UTF8.self)
        }
        // The traffic of the host's network is nobody's in particular.
        let interfaces = container.specification.network == .host ? "" : text("/proc/\(pid)/net/dev")
        self.init(
            at: monotonicTime(), isUnified: cgroups.isUnified, machineMemory: machineMemory, interfaces: interfaces
        ) { text(cgroups.path($0, $1)) }
    }
}

extension ContainerStatistics {
    fileprivate init(_ container: ContainerRecord, _ sample: UsageSample?, since earlier: UsageSample?) {
        self.init(id: container.id, name: container.name)
        guard let sample else { return }
        processorPercent = earlier.flatMap { sample.processorPercent(since: $0) }
        (memory, memoryLimit) = (sample.memory, sample.memoryLimit)
        (received, sent) = (sample.received, sample.sent)
        (read, written, processes) = (sample.read, sample.written, sample.processes)
    }
}
