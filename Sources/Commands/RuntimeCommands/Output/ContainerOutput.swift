internal import RuntimeEngine
internal import RuntimeSpec

extension ContainerReport {
    /// In runc's order; `state` leaves out the owner's name.
    func json(withOwner: Bool) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("ociVersion", .string(ociVersion)), ("id", .string(id)), ("pid", .integer(pid)),
            ("status", .string(status.rawValue)), ("bundle", .string(bundle)), ("rootfs", .string(rootfs)),
            ("created", .string(created)),
        ]
        if let annotations, !annotations.isEmpty {
            let sorted = annotations.sorted { $0.key < $1.key }
            members.append(("annotations", .object(sorted.map { ($0.key, .string($0.value)) })))
        }
        members.append(("owner", .string(withOwner ? owner : "")))
        return .object(members)
    }

    var row: [String] { [id, "\(pid)", status.rawValue, bundle, created, owner] }
}
