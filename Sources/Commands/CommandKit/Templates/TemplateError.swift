/// Why a template cannot be read, or does not fit the value it is given.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    /// It cannot be read, whatever the value.
    public var isSyntactic = false

    init(_ message: String) { self.message = message }
    public var description: String { "template parsing error: \(message)" }
}
