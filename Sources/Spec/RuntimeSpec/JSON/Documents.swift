internal import FoundationEssentials

/// Why a document is not what the specification says; one line that names the member.
public struct RuntimeSpecError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// The version of the specification that these values follow.
public let specificationVersion = "1.3.0"

/// The largest document that is read. The largest real ones, with a seccomp profile, have 100 KiB.
public let maximumDocumentSize = 16 << 20

/// A value that stands in a document of its own: a bundle's configuration, a process for `exec`, a state, the features.
public protocol Document: Codable {}

extension Document {
    /// Reads a JSON document. The error names the member that is wrong: `process.args: expected an array of strings, got
    /// a string`.
    public init(parsing bytes: [UInt8]) throws(RuntimeSpecError) {
        guard bytes.count <= maximumDocumentSize else {
            throw RuntimeSpecError("larger than \(maximumDocumentSize) bytes")
        }
        let value = try JSONParser.parse(bytes)
        do { self = try Self(from: JSONValueDecoder(value: value, place: .document)) } catch let error
            as RuntimeSpecError
        {
            throw error
        } catch let DecodingError.dataCorrupted(context) {
            throw RuntimeSpecError(context.debugDescription)
        } catch { throw RuntimeSpecError("\(error)") }
    }
}

extension Document {
    /// This value as JSON, with members in order and slashes as they are.
    public func document(indented: Bool = false) throws(RuntimeSpecError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if indented { encoder.outputFormatting.insert(.prettyPrinted) }
        do { return Array(try encoder.encode(self)) } catch { throw RuntimeSpecError("\(error)") }
    }
}

extension RuntimeConfiguration: Document {}
extension Process: Document {}
extension Resources: Document {}
extension State: Document {}
extension ContainerProcessState: Document {}
extension Features: Document {}
