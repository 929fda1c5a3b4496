internal import LinuxKernel

/// The variables that the client was started with.
struct Environment: Sendable {
    private let values: [String: String]

    init(_ entries: [String]) {
        values = Dictionary(
            entries.compactMap { entry in
                guard let equals = entry.firstIndex(of: "=") else { return nil }
                return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
            }, uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> String? { values[name] }
}
