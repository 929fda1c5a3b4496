internal import CommandKit
internal import LinuxKernel

/// `KEY=VALUE`, as in labels, filters and variables.
enum KeyValue {
    /// Splits at the first `=`; the value is nil without one.
    static func split(_ text: String) -> (key: String, value: String?) {
        guard let equals = text.firstIndex(of: "=") else { return (text, nil) }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// `--label`: a key alone has an empty value.
    static func labels(_ texts: [String]) throws(CommandFailure) -> [String: String] {
        var labels: [String: String] = [:]
        for text in texts {
            let (key, value) = split(text)
            guard !key.isEmpty else { throw refusal("invalid label '\(text)': the key is missing") }
            labels[key] = value ?? ""
        }
        return labels
    }

    /// `--filter`: values of the same key gather.
    static func filters(_ texts: [String]) throws(CommandFailure) -> [String: [String]] {
        var filters: [String: [String]] = [:]
        for text in texts {
            let (key, value) = split(text)
            guard let value, !key.isEmpty else {
                throw CommandFailure("invalid filter '\(text)': it must be KEY=VALUE", exitCode: ExitCodes.notRun)
            }
            filters[key.lowercased(), default: []].append(value)
        }
        return filters
    }

    /// `--filter` of a prune: `until`, at most once, is a moment.
    static func pruneFilters(_ texts: [String]) throws -> (until: Timestamp?, rest: [String: [String]]) {
        var filters = try filters(texts)
        let moments = try (filters.removeValue(forKey: "until") ?? []).map { try MomentArgument.parse($0) }
        guard moments.count < 2 else { throw refusal("more than one until filter specified") }
        return (moments.first, filters)
    }
}
