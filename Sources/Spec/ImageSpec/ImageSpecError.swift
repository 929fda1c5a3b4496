/// Why a document, a digest or a reference is refused.
public struct ImageSpecError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        case invalidReference, invalidDigest, unsupportedDigest, invalidPlatform, malformedDocument, ambiguousDocument
        case unsupportedMediaType
    }

    public let code: Code
    /// What is wrong, in a sentence that names the thing.
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }
}
