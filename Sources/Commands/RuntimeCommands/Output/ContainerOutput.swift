internal import RuntimeEngine
internal import RuntimeSpec

extension ContainerReport {
    /// In runc's order; `state` leaves out the owner's name.
    func json(withOwner: Bool) -> OrderedJSON {
        var members: [(String, OrderedJSON)] = [
            ("ociVersion", .text(ociVersion)), ("id", .text(id)), ("pid", .number(Int64(pid))),
            ("status", .text(status.rawValue)), ("bundle", .text(bundle)), ("rootfs", .text(rootfs)),
            ("created", .text(created)),
        ]
        if let annotations, !annotations.isEmpty {
            let sorted = annotations.sorted { $0.key < $1.key }
            members.append(("annotations", .object(sorted.map { ($0.key, .text($0.value)) })))
        }
        members.append(("owner", .text(withOwner ? owner : "")))
        return .object(members)
    }

    var row: [String] { [id, "\(pid)", status.rawValue, bundle, created, owner] }
}
