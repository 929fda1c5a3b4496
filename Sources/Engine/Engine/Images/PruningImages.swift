internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

/// Which of the images that nothing needs are to go. Pure.
struct ImagePruneFilter: Sendable {
    private let until: Timestamp?
    private let labels: LabelRules

    init(_ parameters: ImagePrune.Parameters) throws(ProtocolFailure) {
        until = parameters.until
        labels = try LabelRules(parameters.filters)
    }

    func admits(_ configuration: ImageConfiguration) -> Bool {
        // What does not say when it was made is as old as can be.
        until.map { configuration.createdMoment ?? Timestamp(nanoseconds: 0) < $0 } ?? true
            && labels.admit(configuration.labels)
    }
}

extension Images {
    /// Removes the images that no container was made from, those without a name or all of them, and everything that
    /// failed pulls and loads have left. `users` are the containers made from an image.
    func prune(_ wanted: ImagePrune.Parameters, users: @Sendable (Digest) async -> [ContainerUse])
        async throws(ProtocolFailure) -> ImagePrune.Result
    {
        let filter = try ImagePruneFilter(wanted)
        await gate.enter()
        defer { gate.leave() }
        var result = ImagePrune.Result(untagged: [], deleted: [], reclaimed: 0)
        for image in records.values.sorted(by: { "\($0.id)" < "\($1.id)" }) where wanted.all || image.names.isEmpty {
            // An image whose configuration cannot be read is left to whoever asks for it by name.
            guard let configuration = try? await configuration(of: image), filter.admits(configuration),
                await users(image.id).isEmpty
            else { continue }
            let removed = try await takeOff(image)
            result.untagged += removed.untagged
            result.deleted += removed.deleted
        }
        result.reclaimed = await collect(isMeasured: true)
        return result
    }
}
