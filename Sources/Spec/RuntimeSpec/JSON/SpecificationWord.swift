/// A string of which the specification lists every value. Reading any other names those that exist.
public protocol SpecificationWord: RawRepresentable<String>, CaseIterable, Codable, Hashable, JSONReadable, Sendable {}

extension SpecificationWord {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let text = try String(json)
        guard let word = Self(rawValue: text) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONMismatch("\"\(text)\" is not one of \(known)")
        }
        self = word
    }
}
