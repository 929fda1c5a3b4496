internal import LineProtocol
internal import RuntimeSpec

/// What was found in the image and on the host when a container starts. With its record it settles its configuration.
struct Surroundings: Sendable, Hashable {
    var user: User
    var devices: [HostDevice] = []
    /// Those that limits name.
    var deviceNumbers = DeviceNumbers()
    var joined = JoinedContainers()
    /// On the host, when the container has an init.
    var initProgram: String?
}
