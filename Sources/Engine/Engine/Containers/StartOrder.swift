internal import LineProtocol

/// In which order containers are started that others join. Pure.
struct StartOrder: Sendable {
    /// Each after all that it joins; what has nothing to do with another is in the order of creation.
    let ids: [String]

    init(_ containers: [ContainerRecord]) {
        let sorted = containers.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        let joined = Dictionary(uniqueKeysWithValues: sorted.map { ($0.id, $0.specification.joinedContainers) })
        var (ids, seen): ([String], Set<String>) = ([], [])
        // What was put off until those below it are placed. A circle, which no container can be made with, ends where
        // it was entered.
        var waiting = Array(sorted.map(\.id).reversed())
        while let id = waiting.last {
            let below =
                seen.insert(id).inserted ? (joined[id] ?? []).filter { joined[$0] != nil && !seen.contains($0) } : []
            if below.isEmpty {
                waiting.removeLast()
                if !ids.contains(id) { ids.append(id) }
            } else {
                waiting += below
            }
        }
        self.ids = ids
    }
}

extension ContainerSpecification {
    /// IDs of the containers whose namespaces it joins.
    var joinedContainers: [String] {
        var ids = [namespaces.pid, namespaces.ipc].compactMap { $0.flatMap(ContainerReference.name) }
        if case .container(let id) = network { ids.append(id) }
        return Set(ids).sorted()
    }
}
