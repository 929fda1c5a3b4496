internal import BlockingThreads
internal import LineConnections
internal import LineProtocol
internal import LinuxKernel

/// A volume: a directory of the supervisor's that outlives containers.
struct VolumeRecord: Sendable, Hashable {
    let name: String
    /// Made for one container, and removed with it when asked.
    let isAnonymous: Bool
    let created: Timestamp
}

/// The volumes.
actor Volumes {
    private let services: Services
    private var records: [String: VolumeRecord] = [:]

    init(_ services: Services) { self.services = services }

    func restore() async throws(ProtocolFailure) {
        for volume in try await services.store.volumes() { records[volume.name] = volume }
    }

    /// Makes the volume called `name` if it is not there.
    func ensure(_ name: String, isAnonymous: Bool) async throws(ProtocolFailure) {
        if records[name] != nil { return }
        let volume = VolumeRecord(name: name, isAnonymous: isAnonymous, created: .now)
        guard Self.isName(volume.name) else {
            throw ProtocolFailure(
                .invalidArgument,
                "invalid volume name \"\(volume.name)\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed; a directory of "
                    + "the host's must be an absolute path")
        }
        // Taken before the first suspension: two containers that ask at once share it.
        records[volume.name] = volume
        do throws(ProtocolFailure) {
            let directory = services.layout.volumeData(volume.name)
            try await services.threads.run { () throws(ProtocolFailure) in try Self.make(directory) }
            try await services.store.insert(volume)
        } catch {
            records[volume.name] = nil
            throw error
        }
        await services.events.publish(
            Event(kind: .volume, action: "create", id: volume.name, attributes: ["driver": "local"]))
    }

    func remove(_ name: String) async throws(ProtocolFailure) {
        guard records[name] != nil else { return }
        let directory = services.layout.volume(name)
        try await services.threads.run { () throws(ProtocolFailure) in
            do throws(SystemError) { try Descriptor.workingDirectory.removeTree(directory) } catch {
                throw ProtocolFailure(error)
            }
        }
        try await services.store.removeVolume(name)
        records[name] = nil
        await services.events.publish(
            Event(kind: .volume, action: "destroy", id: name, attributes: ["driver": "local"]))
    }

    private static func make(_ directory: String) throws(ProtocolFailure) {
        do throws(SystemError) {
            // The volume's own directory keeps other users out; what lies in it has the container's modes.
            let parent = String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)])
            try Descriptor.workingDirectory.makeDirectories(parent, mode: 0o700)
            try Descriptor.workingDirectory.makeDirectories(directory, mode: 0o755)
        } catch { throw ProtocolFailure(error) }
    }

    /// docker's volume names; at least two characters.
    static func isName(_ name: String) -> Bool {
        name.utf8.count > 1 && name.utf8.count < 256 && isRestrictedName(name)
    }
}
