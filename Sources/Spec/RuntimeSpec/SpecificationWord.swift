/// A string of which the specification lists every value. Decoding any other names those that exist.
public protocol SpecificationWord: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {}

extension SpecificationWord {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let word = Self(rawValue: text) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not one of \(known)")
        }
        self = word
    }
}
