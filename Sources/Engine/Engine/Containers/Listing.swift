internal import ImageSpec
public import LineProtocol
internal import LinuxKernel

extension Containers {
    /// Newest first.
    public func list(_ wanted: ContainerList.Parameters) async throws(ProtocolFailure) -> [ContainerSummary] {
        var records: [ContainerRecord] = []
        for container in all { records.append(await container.record) }
        records.sort { ($0.created, $0.id) > ($1.created, $1.id) }
        let filter = try ContainerFilter(wanted.filters, among: records)
        // Whoever asks for a state, or for the newest, wants those that do not run, too.
        let showsAll = wanted.all || wanted.last != nil || filter.asksForStatus
        let shown = records.filter { (showsAll || $0.lifecycle.isUp) && filter.admits($0) }
        return shown.prefix(wanted.last.map { max(0, $0) } ?? .max).map(ContainerSummary.init)
    }

    /// How many there are in which state.
    public func counts() async -> [ContainerStatus: Int] {
        var counts: [ContainerStatus: Int] = [:]
        for container in all { counts[await container.record.lifecycle.status, default: 0] += 1 }
        return counts
    }
}

extension ContainerSummary {
    init(_ record: ContainerRecord) {
        let lifecycle = record.lifecycle
        self.init(
            id: record.id, name: record.name, image: record.image, imageID: "\(record.imageID)",
            command: record.configuration.arguments, created: record.created, status: lifecycle.status,
            exitCode: lifecycle.isRunning ? nil : lifecycle.exitCode, started: lifecycle.started,
            finished: lifecycle.finished, labels: record.configuration.labels, network: record.specification.network,
            mounts: record.mounts.map { $0.volume ?? $0.source },
            volumes: record.mounts.count { $0.volume != nil })
    }
}

/// docker's filters of `ps`.
struct ContainerFilter: Sendable {
    private static let names = FilterNames(
        known: ["id", "name", "label", "status", "exited", "ancestor", "before", "since", "volume", "network"],
        absent: [
            "expose": ports, "publish": ports, "is-task": "there is no swarm", "isolation": "it is of Windows",
        ])
    private static let ports = "no container has ports yet"

    private let filters: [String: [String]]
    /// Containers named by `before` and `since`.
    private var moments: [String: Timestamp] = [:]

    init(_ filters: [String: [String]], among records: [ContainerRecord]) throws(ProtocolFailure) {
        try Self.names.check(filters)
        for name in ["id", "name"] { for value in filters[name] ?? [] { try NamePattern.check(value, of: name) } }
        for status in filters["status"] ?? [] where ContainerStatus(rawValue: status) == nil {
            throw ProtocolFailure(.invalidArgument, "invalid filter 'status=\(status)'")
        }
        for code in filters["exited"] ?? [] where Int32(code) == nil {
            throw ProtocolFailure(.invalidArgument, "invalid filter 'exited=\(code)': a number is wanted")
        }
        self.filters = filters
        for name in (filters["before"] ?? []) + (filters["since"] ?? []) {
            let found = records.first { $0.name == name } ?? records.first { $0.id.hasPrefix(name) }
            guard let found else { throw ProtocolFailure(.noSuchContainer, "No such container: \(name)") }
            moments[name] = found.created
        }
    }

    var asksForStatus: Bool { filters["status"] != nil || filters["exited"] != nil }

    func admits(_ record: ContainerRecord) -> Bool {
        FilterNames.admit(filters) { matches(record, $0, $1) }
    }

    private func matches(_ record: ContainerRecord, _ name: String, _ value: String) -> Bool {
        let lifecycle = record.lifecycle
        return switch name {
        case "id": record.id.hasPrefix(value) || NamePattern(value).matches(record.id)
        case "name": NamePattern(value).matches(record.name)
        case "label": LabelFilter(value).admits(record.configuration.labels)
        case "status": lifecycle.status.rawValue == value
        case "exited": lifecycle.status == .exited && lifecycle.exitCode == Int32(value)
        case "ancestor": isAncestor(value, of: record)
        case "before": moments[value].map { record.created < $0 } ?? false
        case "since": moments[value].map { record.created > $0 } ?? false
        case "volume": record.mounts.contains { $0.volume == value || $0.source == value || $0.target == value }
        case "network": record.specification.network.rawValue == value
        default: false
        }
    }

    private func isAncestor(_ value: String, of record: ContainerRecord) -> Bool {
        record.image == value || record.image.hasPrefix(value + ":") || record.image + ":latest" == value
            || "\(record.imageID)" == value || (value.count >= 4 && record.imageID.encoded.hasPrefix(value))
    }
}
