/// A string of which the specification lists every value. Decoding any other names those that exist.
public protocol SpecificationWord: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {}

extension SpecificationWord {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let word = Self(rawValue: text) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            let problem = "\"\(text)\" is not one of \(known)"
            if let decoder = decoder as? JSONValueDecoder { throw decoder.place.error(problem) }
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
        }
        self = word
    }
}
