/// Why a document is not what the specification says; one line that names the member.
public struct RuntimeSpecError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// The version of the specification that these values follow.
public let specificationVersion = "1.3.0"

/// The largest document that is read. The largest real ones, with a seccomp profile, have 100 KiB.
public let maximumDocumentSize = 16 << 20

extension JSONReadable {
    /// Reads a JSON document. The error names the member that is wrong: `process.args: expected an array of strings, got
    /// a string`.
    public init(parsing bytes: [UInt8]) throws(RuntimeSpecError) {
        guard bytes.count <= maximumDocumentSize else {
            throw RuntimeSpecError("larger than \(maximumDocumentSize) bytes")
        }
        let value = try JSONParser.parse(bytes)
        do { try self.init(value) } catch { throw RuntimeSpecError(error.description) }
    }
}

/// A value that stands in a document of its own: a bundle's configuration, a state, the features.
public protocol Document: Encodable {}

extension Document {
    /// This value as JSON, with members in order and slashes as they are.
    public func document(indented: Bool = false) -> [UInt8] {
        let json = JSONValue(encoding: self)
        return Array((indented ? json.lines : json.line).utf8)
    }
}

extension RuntimeConfiguration: Document {}
extension State: Document {}
extension ContainerProcessState: Document {}
extension Features: Document {}
