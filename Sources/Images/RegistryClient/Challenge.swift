/// How a registry wants to be asked again: one challenge of `WWW-Authenticate` (RFC 9110, section 11.6.1).
struct Challenge: Hashable, Sendable {
    /// In lower case.
    let scheme: String
    /// Names in lower case.
    let parameters: [String: String]

    /// The challenges of all fields of that name.
    static func all(in fields: [String]) -> [Challenge] { fields.flatMap { ChallengeReader($0).read() } }
}

/// Reads `Bearer realm="https://auth.example/token",service="example", Basic realm=x`. What is not understood ends the
/// list.
private struct ChallengeReader {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    func read() -> [Challenge] {
        var reader = self
        var challenges: [Challenge] = []
        while let scheme = reader.word() {
            var parameters: [String: String] = [:]
            while let (name, value) = reader.parameter() { parameters[name.lowercased()] = value }
            challenges.append(Challenge(scheme: scheme.lowercased(), parameters: parameters))
        }
        return challenges
    }

    private mutating func skip() { rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," } }

    private mutating func word() -> String? {
        skip()
        let word = rest.prefix { $0.isLetter || $0.isNumber || "-._~!#$%&'*+^`|".contains($0) }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(word)
    }

    /// A word without "=" behind it begins the next challenge, and is left where it is.
    private mutating func parameter() -> (String, String)? {
        let before = rest
        guard let name = word(), rest.first == "=" else {
            rest = before
            return nil
        }
        rest.removeFirst()
        if rest.first == "\"" { return (name, quotedText()) }
        return word().map { (name, $0) }
    }

    private mutating func quotedText() -> String {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            text.append(character == "\\" ? rest.popFirst() ?? character : character)
        }
        return text
    }
}
