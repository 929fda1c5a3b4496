internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

/// An image that can be run: its blobs are in the content store, its layers are unpacked.
struct ImageRecord: Sendable, Hashable {
    /// The digest of its configuration.
    let id: Digest
    var manifest: ContentDescriptor
    /// Unpacked bytes of all layers.
    var size: Int64
    var references: [ImageReference]

    var familiarNames: [String] { references.map(\.familiar).sorted() }
    /// `name@digest` for each repository.
    var digests: [String] {
        Set(references.map(\.familiarRepository)).sorted().map { "\($0)@\(manifest.digest)" }
    }
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
