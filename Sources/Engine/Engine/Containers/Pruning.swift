internal import BlockingThreads
public import LineProtocol
internal import LinuxKernel
internal import Logging
internal import Snapshots

/// Which of the containers that do not run are to go. Pure.
struct PruneFilter: Sendable {
    private let until: Timestamp?
    private let labels: LabelRules

    init(_ parameters: ContainerPrune.Parameters) throws(ProtocolFailure) {
        until = parameters.until
        labels = try LabelRules(parameters.filters)
    }

    func admits(_ record: ContainerRecord) -> Bool {
        [.created, .exited, .dead].contains(record.lifecycle.phase) && until.map { record.created < $0 } ?? true
            && labels.admit(record.configuration.labels)
    }
}

extension Containers {
    /// Removes the containers that do not run and match; one that cannot be removed stays, and the log says why.
    public func prune(_ parameters: ContainerPrune.Parameters) async throws(ProtocolFailure) -> ContainerPrune.Result {
        let filter = try PruneFilter(parameters)
        var result = ContainerPrune.Result(removed: [], reclaimed: 0)
        for container in all where filter.admits(await container.record) {
            do throws(ProtocolFailure) {
                let size = try await container.size()
                try await container.remove(force: false, volumes: false)
                result.removed.append(container.id)
                result.reclaimed += size
            } catch {
                services.log.warning("container \(container.id): is not pruned: \(error.message)")
            }
        }
        return result
    }
}

extension Container {
    /// Bytes of what it wrote into its root filesystem.
    func size() async throws(ProtocolFailure) -> Int64 {
        let (snapshots, id) = (services.snapshots, id)
        return try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SnapshotError) { return try snapshots.usage(ofContainer: id).size } catch {
                throw ProtocolFailure(error)
            }
        }
    }
}
