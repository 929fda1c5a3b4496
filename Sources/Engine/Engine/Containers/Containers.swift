internal import ImageSpec
public import LineProtocol
internal import LinuxKernel

/// Which containers there are, and what they are called. What a container does is its ``Container``'s business;
/// nothing here waits for one.
public actor Containers {
    let services: Services
    let images: Images
    let volumes: Volumes
    private var containers: [String: Container] = [:]
    private var names: [String: String] = [:]
    /// Image of each container that is being made, so that it is not removed meanwhile.
    private var reservations: [String: Digest] = [:]
    /// The containers that went last, oldest first: who waits for one may come back only after it went.
    private var gone: [Container] = []
    private static let mostGone = 64

    init(_ services: Services, images: Images, volumes: Volumes) {
        self.services = services
        self.images = images
        self.volumes = volumes
    }

    var all: [Container] { Array(containers.values) }

    // MARK: Finding

    /// The container that `text` names: an ID, a name, or the beginning of an ID that no other has.
    public func find(_ text: String) throws(ProtocolFailure) -> Container {
        if let container = containers[text] { return container }
        let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
        if let id = names[name], let container = containers[id] { return container }
        let found = text.isEmpty ? [] : containers.keys.filter { $0.hasPrefix(text) }
        guard found.count < 2 else {
            throw ProtocolFailure(.ambiguousName, "several containers have IDs that begin with \(text)")
        }
        guard let id = found.first, let container = containers[id] else {
            throw ProtocolFailure(.noSuchContainer, "No such container: \(text)")
        }
        return container
    }

    /// The container to wait for: also one that is gone since a short while, by its whole ID. A client that lost its
    /// supervisor asks the next one, whose first act may have been to remove what ended meanwhile.
    public func findToWait(_ text: String) throws(ProtocolFailure) -> Container {
        if let container = gone.last(where: { $0.id == text }) { return container }
        return try find(text)
    }

    /// Containers made, or being made, from an image.
    func users(of image: Digest) async -> [ContainerUse] {
        var users = reservations.filter { $0.value == image }.map { ContainerUse(name: $0.key, isRunning: false) }
        for container in containers.values {
            let record = await container.record
            if record.imageID == image {
                users.append(ContainerUse(name: record.name, isRunning: record.lifecycle.isRunning))
            }
        }
        return users
    }

    // MARK: Names

    /// Keeps `name`, or a random one, for the container `id` that is being made.
    func reserve(_ name: String?, for id: String, image: Digest) throws(ProtocolFailure) -> String {
        let chosen = try claim(name ?? freeName(), for: id)
        reservations[chosen] = image
        return chosen
    }

    /// Keeps a name, which no other container has, for this one.
    func claim(_ given: String, for id: String) throws(ProtocolFailure) -> String {
        let chosen = try check(given)
        if names[chosen] == id {
            throw ProtocolFailure(
                .invalidArgument, "Renaming a container with the same name as its current name")
        }
        if let owner = names[chosen] {
            throw ProtocolFailure(
                .nameConflict,
                "Conflict. The container name \"/\(chosen)\" is already in use by container \"\(owner)\". You have to "
                    + "remove (or rename) that container to be able to reuse that name.")
        }
        names[chosen] = id
        return chosen
    }

    private func check(_ given: String) throws(ProtocolFailure) -> String {
        let name = given.hasPrefix("/") ? String(given.dropFirst()) : given
        guard name.utf8.count > 1, name.utf8.count < 256, isRestrictedName(name) else {
            throw ProtocolFailure(
                .invalidArgument,
                "Invalid container name (\(given)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        return name
    }

    private func freeName() -> String {
        for _ in 0..<16 {
            let name = randomName()
            if names[name] == nil { return name }
        }
        return "\(randomName())_\(randomIdentifier().prefix(8))"
    }

    /// Lets a name go that was the container's, or was claimed for it.
    func release(_ name: String, of id: String) {
        if names[name] == id { names[name] = nil }
    }

    /// Gives up the name of a container that could not be made.
    func cancelReservation(_ name: String) {
        names[name] = nil
        reservations[name] = nil
    }

    /// Takes a container on the books.
    func add(_ container: Container, named name: String) {
        reservations[name] = nil
        names[name] = container.id
        containers[container.id] = container
    }

    /// Takes a container that is gone off the books.
    func forget(_ id: String, named name: String) {
        if let container = containers.removeValue(forKey: id) { gone.append(container) }
        if gone.count > Self.mostGone { gone.removeFirst() }
        release(name, of: id)
    }
}
