internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

/// An image that can be run: its blobs are in the content store, its layers are unpacked.
struct ImageRecord: Sendable, Hashable {
    /// The digest of its configuration.
    let id: Digest
    /// The manifest that it was last taken in with: another may have the same configuration.
    var manifest: ContentDescriptor
    /// Unpacked bytes of all layers.
    var size: Int64
    var names: [ImageName]

    var references: [ImageReference] { names.map(\.reference) }
    /// Names with tags; what is known by its digest alone has none.
    var familiarNames: [String] { references.filter { $0.digest == nil }.map(\.familiar).sorted() }
    /// `name@digest` for each repository and each digest that it has there.
    var digests: [String] { Set(names.map(\.digestReference)).sorted() }

    /// What must be in the content store for it, its names and all who refer to them, but for the layers.
    var documents: Set<Digest> {
        names.reduce(into: [id, manifest.digest]) { $0.formUnion([$1.target.digest, $1.manifest.digest]) }
    }

    /// Every manifest that it is known by.
    var manifests: Set<ContentDescriptor> { Set([manifest] + names.map(\.manifest)) }

    /// Whether one of the names stands for `reference`.
    func isCalled(_ reference: ImageReference) -> Bool {
        names.contains { $0.isCalled(reference) }
    }
}

/// A name of an image, and what it stands for.
struct ImageName: Sendable, Hashable {
    let reference: ImageReference
    /// What the registry, or the archive, has under that name: an index, or the manifest itself.
    let target: ContentDescriptor
    /// The manifest for this machine's platform.
    let manifest: ContentDescriptor

    var digestReference: String { "\(reference.familiarRepository)@\(target.digest)" }

    /// Whether it stands for `other`: is it, or has its digest in the same repository.
    func isCalled(_ other: ImageReference) -> Bool {
        reference == other || (reference.repository == other.repository && hasDigest(other.digest))
    }

    private func hasDigest(_ digest: Digest?) -> Bool { digest == target.digest || digest == manifest.digest }
}

/// An image as a container needs it.
struct ResolvedImage: Sendable {
    let id: Digest
    /// As the user named it, in familiar form.
    let name: String
    let chain: ChainID?
    let defaults: ContainerDefaults
}

extension ImageConfiguration {
    /// Nil when it does not say, or not in RFC 3339.
    var createdMoment: Timestamp? { created.flatMap { Timestamp($0) } }
    var labels: [String: String] { config?.labels ?? [:] }
}

extension ImageSummary {
    init(_ image: ImageRecord, _ configuration: ImageConfiguration) {
        self.init(
            id: "\(image.id)", references: image.familiarNames, digests: image.digests,
            created: configuration.createdMoment, size: image.size, labels: configuration.labels)
    }
}

extension ImageInspection {
    init(_ image: ImageRecord, _ configuration: ImageConfiguration) {
        self.init(
            id: "\(image.id)", references: image.familiarNames, digests: image.digests,
            created: configuration.created ?? "", author: configuration.author ?? "",
            architecture: configuration.architecture, variant: configuration.variant, system: configuration.os,
            size: image.size, configuration: Configuration(configuration.config ?? ContainerDefaults()),
            layers: configuration.rootfs.diffIDs.map { "\($0)" })
    }
}

extension ImageInspection.Configuration {
    init(_ defaults: ContainerDefaults) {
        func object(_ keys: ObjectKeys?) -> [String: Nothing]? {
            keys.map { Dictionary(uniqueKeysWithValues: $0.names.map { ($0, Nothing()) }) }
        }
        self.init(
            user: defaults.user ?? "", environment: defaults.environment ?? [], entrypoint: defaults.entrypoint,
            command: defaults.command, workingDirectory: defaults.workingDirectory ?? "",
            labels: defaults.labels ?? [:], stopSignal: defaults.stopSignal,
            exposedPorts: object(defaults.exposedPorts), volumes: object(defaults.volumes))
    }
}
