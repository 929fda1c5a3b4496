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

extension SpecificationWord {
    /// As ``init(_:)`` reads it, from any decoder.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(JSONMismatch) { try self.init(JSONValue.string(text)) } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }
}
