internal import LineProtocol

/// The filters that a listing knows, and those of docker's that have nothing to find here. Pure.
struct FilterNames: Sendable {
    let known: Set<String>
    /// Why, for a message.
    let absent: [String: String]

    /// Refuses what is not known, by name.
    func check(_ filters: [String: [String]]) throws(ProtocolFailure) {
        for name in filters.keys.sorted() where !known.contains(name) {
            guard let reason = absent[name] else {
                throw ProtocolFailure(.invalidArgument, "invalid filter '\(name)'")
            }
            throw ProtocolFailure(.notSupported, "filter '\(name)' is not supported: \(reason)")
        }
    }

    /// docker's rule: names are "and", and so are labels; the values of any other name are "or".
    static func admit(_ filters: [String: [String]], _ matches: (_ name: String, _ value: String) -> Bool) -> Bool {
        filters.allSatisfy { name, values in
            name == "label"
                ? values.allSatisfy { matches(name, $0) } : values.isEmpty || values.contains { matches(name, $0) }
        }
    }
}
