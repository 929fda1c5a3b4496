internal import LinuxKernel

/// The variables that the client was started with.
struct Environment: Sendable {
    /// `NAME=VALUE`, as they came.
    let entries: [String]
    private let values: [String: String]

    init(_ entries: [String]) {
        self.entries = entries
        values = Dictionary(
            entries.compactMap { entry in
                guard let equals = entry.firstIndex(of: "=") else { return nil }
                return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
            }, uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> String? { values[name] }
}
