/// A piece of HTML. What comes from outside gets in only by interpolation, which escapes it.
struct HTMLText: ExpressibleByStringInterpolation, Sendable {
    let text: String

    init(stringLiteral text: String) { self.text = text }
    init(stringInterpolation parts: Interpolation) { text = parts.text }
    private init(safe text: String) { self.text = text }

    static func joined(_ pieces: some Sequence<HTMLText>) -> HTMLText {
        HTMLText(safe: pieces.map(\.text).joined(separator: "\n"))
    }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }
        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ piece: HTMLText) { text += piece.text }

        /// HTML Living Standard, 13.3, "escaping a string", for text and for attributes in quotes.
        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            for character in value.description.unicodeScalars {
                switch character {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(character)
                }
            }
        }
    }
}
