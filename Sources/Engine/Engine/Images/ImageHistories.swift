internal import BlockingThreads
internal import ImageSpec
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

extension Images {
    /// What made an image, the last step first: image-spec 1.1, config.md, "history".
    public func history(_ text: String) async throws(ProtocolFailure) -> [ImageHistory.Step] {
        let configuration = try await configuration(of: find(text))
        let snapshots = services.snapshots
        let sizes = try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SnapshotError) {
                var sizes: [Int64] = []
                for chain in Self.chains(configuration) { sizes.append(try snapshots.usage(of: chain).size) }
                return sizes
            } catch { throw ProtocolFailure(error) }
        }
        return Self.steps(configuration, layers: sizes).reversed()
    }

    /// Steps are matched with layers in their order; of layers that no step tells of only the size is known.
    static func steps(_ configuration: ImageConfiguration, layers sizes: [Int64]) -> [ImageHistory.Step] {
        var rest = sizes[...]
        var steps = (configuration.history ?? []).map { entry in
            ImageHistory.Step(
                created: entry.created.flatMap { Timestamp($0) }, createdBy: entry.createdBy ?? "",
                comment: entry.comment ?? "", size: entry.emptyLayer == true ? 0 : rest.popFirst() ?? 0)
        }
        steps += rest.map { ImageHistory.Step(created: nil, createdBy: "", comment: "", size: $0) }
        return steps
    }
}
