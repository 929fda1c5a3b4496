public import LineProtocol

extension Containers {
    /// Gives the container that `text` names another name.
    public func rename(_ text: String, to wanted: String) async throws(ProtocolFailure) {
        guard !wanted.isEmpty, wanted != "/" else {
            throw ProtocolFailure(.invalidArgument, "Neither old nor new names may be empty")
        }
        let container = try find(text)
        let name = try claim(wanted, for: container.id)
        do throws(ProtocolFailure) {
            let old = try await container.rename(to: name)
            release(old, of: container.id)
        } catch {
            release(name, of: container.id)
            throw error
        }
    }
}

extension Container {
    /// Takes the name, which is claimed for it; answers the old one.
    func rename(to name: String) async throws(ProtocolFailure) -> String {
        await gate.enter()
        defer { gate.leave() }
        guard record.lifecycle.phase != .gone else {
            throw ProtocolFailure(.noSuchContainer, "No such container: \(record.name)")
        }
        let old = record.name
        var renamed = record
        renamed.name = name
        try await services.store.rename(renamed)
        record.name = name
        await announce("rename", ["oldName": "/" + old])
        return old
    }
}
