internal import LineProtocol

/// What the filters `name` and `id` take of docker's regular expressions: a part, which `^` holds to the beginning and
/// `$` to the end. A slash before a name is docker's habit. Pure.
struct NamePattern: Sendable {
    private let part: Substring
    private let isAtStart: Bool
    private let isAtEnd: Bool

    init(_ text: String) {
        var part = text[...]
        isAtStart = part.hasPrefix("^")
        if isAtStart { part.removeFirst() }
        isAtEnd = part.hasSuffix("$")
        if isAtEnd { part.removeLast() }
        if part.hasPrefix("/") { part.removeFirst() }
        self.part = part
    }

    func matches(_ name: String) -> Bool {
        switch (isAtStart, isAtEnd) {
        case (true, true): name == part
        case (true, false): name.hasPrefix(part)
        case (false, true): name.hasSuffix(part)
        case (false, false): part.isEmpty || name.contains(part)
        }
    }

    /// Refuses the rest, which an expression that takes forever would be a part of.
    static func check(_ text: String, of filter: String) throws(ProtocolFailure) {
        guard text.contains(where: { #"*+?()[]{}|\"#.contains($0) }) else { return }
        throw ProtocolFailure(
            .notSupported, "filter '\(filter)=\(text)': of regular expressions, ^ and $ alone are supported")
    }
}
