internal import RuntimeSpec
internal import SetupPlan

/// A container's class of service in resctrl, as the container's state keeps it. Paths are absolute.
struct ResourceControlGroup: Hashable {
    /// Where resctrl is mounted.
    let root: String
    let path: String
    /// It did not exist, and no `closID` was given: it goes with the container.
    let isOurs: Bool
    /// Of the container's own monitoring group, if it is to have one.
    let monitoring: String?

    /// `exists` tells whether a directory is there.
    init(
        _ plan: ResourceControlPlan, id: String, root: String, exists: (String) throws(RuntimeError) -> Bool
    ) throws(RuntimeError) {
        self.root = root
        path = plan.closID == "/" ? root : "\(root)/\(plan.closID ?? id)"
        let isThere = try exists(path)
        isOurs = plan.closID == nil && !isThere
        monitoring = plan.monitors ? "\(path)/mon_groups/\(id)" : nil
        for resource in plan.resources where try !exists("\(root)/info/\(resource)") {
            throw RuntimeError(.notSupported, "linux.intelRdt: this machine cannot divide \(resource)")
        }
        if plan.closID != nil, plan.lines.isEmpty, !isThere {
            throw RuntimeError(
                .invalidConfiguration,
                "linux.intelRdt.closID: \(path) is not there: it must be, when no schema is given")
        }
    }

    /// What makes it as the configuration wants it, in order. `schemata` is what it has, if it exists.
    func making(_ plan: ResourceControlPlan, schemata: String?) throws(RuntimeError) -> [ResourceControlAction] {
        let text = plan.lines.map { $0 + "\n" }.joined()
        let write: [ResourceControlAction] = text.isEmpty ? [] : [.write(text, to: path + "/schemata")]
        guard let schemata else { return [.makeDirectory(path)] + write }
        if plan.closID != nil, let other = Schemata(schemata).contradiction(to: plan.required) {
            throw RuntimeError(.invalidConfiguration, "linux.intelRdt: \(path) has another schema than \(other)")
        }
        return write
    }

    /// What makes `process` a member of it, in order.
    func joining(_ process: Int32) -> [ResourceControlAction] {
        let tasks = [ResourceControlAction.write("\(process)", to: path + "/tasks")]
        guard let monitoring else { return tasks }
        return tasks + [.makeDirectory(monitoring), .write("\(process)", to: monitoring + "/tasks")]
    }

    /// Directories that go with the container. A class of service takes its monitoring groups with it.
    var removals: [String] { isOurs ? [path] : monitoring.map { [$0] } ?? [] }
}

extension ResourceControlGroup: JSONReadable {
    init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        root = try members.required("root")
        path = try members.required("path")
        isOurs = try members.required("isOurs")
        monitoring = try members.optional("monitoring")
    }

    /// What ``init(_:)`` reads.
    var json: JSONValue {
        let members: [(name: String, value: JSONValue)] = [
            ("root", .string(root)), ("path", .string(path)), ("isOurs", .bool(isOurs)),
        ]
        return .object(members + (monitoring.map { [("monitoring", .string($0))] } ?? []))
    }
}

/// One thing to do in resctrl.
enum ResourceControlAction: Hashable {
    /// Unless it is there.
    case makeDirectory(String)
    case write(String, to: String)
}

/// The file `schemata`: `L3:0=7f0;1=1f`, a resource a line, its values by cache.
struct Schemata: Hashable {
    private let values: [String: [String: String]]

    init(_ text: String) {
        var values: [String: [String: String]] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let parts = line[line.index(after: colon)...].split(separator: ";").map {
                $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            }
            for part in parts where part.count == 2 {
                values[Self.bare(line[..<colon]), default: [:]][Self.bare(part[0])] = Self.bare(part[1])
            }
        }
        self.values = values
    }

    /// Without what is written differently and means the same: spaces, leading zeros, `0x`.
    private static func bare(_ text: Substring) -> String {
        let word = text.lowercased().filter { !$0.isWhitespace }
        let digits = (word.hasPrefix("0x") ? word.dropFirst(2) : word[...]).drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    /// The first of these lines that says something else.
    func contradiction(to lines: [String]) -> String? {
        lines.first { line in
            Schemata(line).values.contains { resource, wanted in
                wanted.contains { cache, value in values[resource]?[cache] != value }
            }
        }
    }
}
