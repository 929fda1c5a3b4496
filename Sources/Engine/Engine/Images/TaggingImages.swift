internal import ImageSpec
public import LineProtocol
internal import Logging

extension Images {
    /// Gives the image that `text` names one more name. Another image that had it loses it.
    public func tag(_ text: String, as wanted: String) async throws(ProtocolFailure) {
        let reference = try tagged(wanted)
        await gate.enter()
        defer { gate.leave() }
        var image = try find(text)
        let source = name(of: image, askedAs: text)
        let name = ImageName(
            reference: reference, target: source?.target ?? image.manifest, manifest: source?.manifest ?? image.manifest
        )
        image.names.removeAll { $0.reference == reference }
        image.names.append(name)
        try await services.store.save(image)
        take([reference], awayFromAllBut: image.id)
        records[image.id] = image
        services.log.info("image \(image.id.short): tagged \(reference.familiar)")
        await announce("tag", image.id, name: reference.familiar)
    }

    /// A name that has a tag, and nothing that its registry decides.
    func tagged(_ text: String) throws(ProtocolFailure) -> ImageReference {
        let reference = try parse(text).withDefaultTag
        guard reference.digest == nil else {
            throw ProtocolFailure(.invalidArgument, "\(text): a name with a tag is expected, not with a digest")
        }
        return reference
    }

    /// The name that `text` is; nil when it is an ID.
    private func name(of image: ImageRecord, askedAs text: String) -> ImageName? {
        guard let reference = try? ImageReference(parsing: text).withDefaultTag else { return nil }
        return image.names.first { $0.reference == reference } ?? image.names.first { $0.isCalled(reference) }
    }
}
