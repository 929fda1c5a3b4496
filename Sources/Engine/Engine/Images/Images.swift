internal import BlockingThreads
internal import ContentStore
internal import ImageSpec
internal import Layers
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

/// The images: which there are, and what they are called. Blobs and layers lie in the rooms below.
public actor Images {
    /// Nanoseconds after which nobody goes on with a download any more: a week.
    private static let patienceWithDownloads: UInt64 = 7 * 86_400 * 1_000_000_000

    let services: Services
    var records: [Digest: ImageRecord] = [:]
    private var configurations: [Digest: ImageConfiguration] = [:]
    /// One load, import or removal at a time: what one brings, another must not collect.
    let gate = Gate()

    init(_ services: Services) { self.services = services }

    /// Reads what the database knows.
    func restore() async throws(ProtocolFailure) {
        for image in try await services.store.images() { records[image.id] = image }
        let content = services.content
        let limit = Timestamp(nanoseconds: Timestamp.now.nanoseconds - Self.patienceWithDownloads)
        // Space that is not freed now is freed the next time.
        _ = await services.threads.run { () throws(Never) in try? content.removeDownloads(notTouchedSince: limit) }
    }

    var count: Int { records.count }

    // MARK: Finding

    /// The image that `text` names: a reference, `sha256:` and an ID, or the beginning of an ID.
    func find(_ text: String) throws(ProtocolFailure) -> ImageRecord {
        if let image = try findByID(text) { return image }
        let reference = try parse(text).withDefaultTag
        // A name that was moved may leave another image that its old digest still finds.
        let found =
            records.values.first { $0.references.contains(reference) }
            ?? records.values.first { $0.isCalled(reference) }
        guard let found else { throw Self.missing(text) }
        return found
    }

    private func findByID(_ text: String) throws(ProtocolFailure) -> ImageRecord? {
        let isDigest = text.hasPrefix("sha256:")
        let digits = isDigest ? String(text.dropFirst(7)) : text
        guard (isDigest ? 1...64 : 4...64).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isHexadecimal)
        else { return nil }
        // A repository may be called like the beginning of an ID: the name wins.
        if !isDigest, let name = try? ImageReference(parsing: text).withDefaultTag,
            let named = records.values.first(where: { $0.references.contains(name) })
        {
            return named
        }
        let found = records.values.filter { $0.id.encoded.hasPrefix(digits) }
        if found.count > 1 {
            throw ProtocolFailure(.ambiguousName, "several images have IDs that begin with \(digits)")
        }
        if found.isEmpty, isDigest { throw Self.missing(text) }
        return found.first
    }

    static func missing(_ name: String) -> ProtocolFailure {
        ProtocolFailure(
            .noSuchImage,
            "no such image: \(name): fetch it with `wherry pull`, or make it known with `wherry load` or "
                + "`wherry import`")
    }

    func parse(_ text: String) throws(ProtocolFailure) -> ImageReference {
        do { return try ImageReference(parsing: text) } catch { throw ProtocolFailure(error) }
    }

    /// What a new image is to be called; nil for one without a name.
    func newName(_ text: String?) throws(ProtocolFailure) -> ImageReference? {
        guard let text else { return nil }
        return try parse(text).withDefaultTag
    }

    /// The image that `text` names, as a container needs it. One for another platform than was asked for counts as
    /// missing: its registry may have the right one.
    func resolve(_ text: String, platform: String?) async throws(ProtocolFailure) -> ResolvedImage {
        let wanted = try Self.platform(platform)
        let image = try find(text)
        let configuration = try await configuration(of: image)
        try configuration.requirePlatform(wanted, image: text)
        return ResolvedImage(
            id: image.id, name: Self.shownName(of: image, askedAs: text), chain: try Self.chain(of: configuration),
            defaults: configuration.config ?? ContainerDefaults())
    }

    /// A name stays as the user wrote it; an ID is shown as one.
    private static func shownName(of image: ImageRecord, askedAs text: String) -> String {
        let names = image.references.flatMap { [$0.familiar, $0.familiarRepository, $0.description] }
        return names.contains(text) || text.contains("@") ? text : image.id.short
    }

    static func chain(of configuration: ImageConfiguration) throws(ProtocolFailure) -> ChainID? {
        do { return try ChainID.of(configuration.rootfs.diffIDs) } catch { throw ProtocolFailure(error) }
    }

    func configuration(of image: ImageRecord) async throws(ProtocolFailure) -> ImageConfiguration {
        if let known = configurations[image.id] { return known }
        let content = services.content
        let configuration = try await services.threads.run { () throws(ProtocolFailure) in
            do throws(ContentStoreError) {
                return try ImageConfiguration(reading: image.id, from: content)
            } catch { throw ProtocolFailure(error) }
        }
        configurations[image.id] = configuration
        return configuration
    }

    func forget(_ id: Digest) {
        records[id] = nil
        configurations[id] = nil
    }

    // MARK: Telling

    /// Newest first.
    public func list(_ filters: [String: [String]]) async throws(ProtocolFailure) -> [ImageSummary] {
        let filter = try await ImageFilter(filters) { name throws(ProtocolFailure) in
            try await configuration(of: find(name)).createdMoment
        }
        var summaries: [ImageSummary] = []
        for image in records.values {
            // An image whose configuration cannot be read any more is listed with what is known of it.
            let summary =
                if let configuration = try? await configuration(of: image) {
                    ImageSummary(image, configuration)
                } else {
                    ImageSummary(
                        id: "\(image.id)", references: image.familiarNames, digests: image.digests, created: nil,
                        size: image.size, labels: [:])
                }
            if let admitted = filter.admit(summary) { summaries.append(admitted) }
        }
        let never = Timestamp(nanoseconds: 0)
        return summaries.sorted { ($0.created ?? never, $0.id) > ($1.created ?? never, $1.id) }
    }

    public func inspect(_ name: String) async throws(ProtocolFailure) -> ImageInspection {
        let image = try find(name)
        return ImageInspection(image, try await configuration(of: image))
    }

    func announce(_ action: String, _ image: Digest, name: String?) async {
        await services.events.publish(
            Event(kind: .image, action: action, id: "\(image)", attributes: ["name": name ?? "\(image)"]))
    }
}

extension ImageConfiguration {
    /// The configuration whose digest is `id`, verified; one that cannot be parsed counts as damaged.
    init(reading id: Digest, from store: ContentStore) throws(ContentStoreError) {
        let bytes = try store.read(id)
        do { self = try ImageConfiguration(parsing: bytes, subject: "image \(id)") } catch {
            throw .damaged(id, path: store.path)
        }
    }
}

extension ImageConfiguration {
    /// Refuses an image that a machine of platform `wanted` cannot run.
    func requirePlatform(_ wanted: Platform?, image name: String) throws(ProtocolFailure) {
        guard let wanted, wanted.preference(for: platform) == nil else { return }
        throw ProtocolFailure(
            .noSuchImage,
            "image \(name) is for \(platform.normalized), not for \(wanted): fetch it with "
                + "`wherry pull --platform \(wanted)`")
    }
}

extension UInt8 {
    var isHexadecimal: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }
}
