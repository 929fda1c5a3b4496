internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

/// Everything that the supervisor knows of a container and that must outlive it. All but its name, its limits, its restart policy and
/// the lifecycle is settled when the container is made.
struct ContainerRecord: Codable, Sendable, Hashable {
    /// 64 hexadecimal digits.
    let id: String
    var name: String
    let created: Timestamp
    /// The image as the user named it, in familiar form.
    let image: String
    /// The digest of the image's configuration.
    let imageID: Digest
    /// What the user asked for.
    let specification: ContainerSpecification
    /// What came of it together with the image's defaults.
    var configuration: ContainerConfiguration
    /// With the volumes that were made or found for it.
    var mounts: [ContainerMount]
    /// Its limits, when they were changed after it was made.
    var updatedResources: ContainerResources?
    /// The limits that an update is about to give it while it runs: a supervisor that finds them finishes that.
    var pendingResources: ContainerResources?
    /// Its restart policy, when that was changed after it was made.
    var updatedRestart: RestartPolicy?
    var lifecycle = ContainerLifecycle()

    /// The limits of its next start.
    var resources: ContainerResources { updatedResources ?? specification.resources }
    /// What its next end is followed by.
    var restart: RestartPolicy { updatedRestart ?? specification.restart }
    /// For messages: the name, without a slash.
    var label: String { name }
    /// As docker's tables show it.
    var shortID: String { String(id.prefix(12)) }
}

/// What runs in a container: docker's rules applied to what the user and the image said.
struct ContainerConfiguration: Codable, Sendable, Hashable {
    var entrypoint: [String]?
    var command: [String]?
    /// Entry point and command in one list, never empty.
    var arguments: [String]
    /// As the process gets it.
    var environment: [String]
    var workingDirectory: String
    /// `user[:group]`; empty is root.
    var user: String
    var hostname: String
    var labels: [String: String]
    var stopSignal: String?
    var stopTimeout: Int?
}

/// A bind mount or a volume, found.
struct ContainerMount: Codable, Sendable, Hashable {
    var kind: ContainerSpecification.Mount.Kind
    /// The volume's name.
    var volume: String?
    /// Whether the volume was made for this container alone.
    var isAnonymous = false
    /// On the host.
    var source: String
    var target: String
    var isReadOnly: Bool
    var propagation: String?
    var noCopy = false
}
