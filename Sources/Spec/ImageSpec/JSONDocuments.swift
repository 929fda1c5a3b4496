internal import FoundationEssentials

/// The largest manifest, index or configuration that is read: what docker and containerd allow, doubled.
public let maximumDocumentSize = 8 << 20

/// Decodes `bytes`; every failure names `subject` and the member that is wrong.
public func decodeDocument<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], subject: String, limit: Int = maximumDocumentSize
) throws(ImageSpecError) -> Value {
    guard bytes.count <= limit else {
        throw ImageSpecError(.malformedDocument, "\(subject): larger than \(limit) bytes")
    }
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch let error as DecodingError {
        throw ImageSpecError(.malformedDocument, "\(subject): \(sentence(for: error))")
    } catch let error as ImageSpecError { throw error } catch {
        throw ImageSpecError(.malformedDocument, "\(subject): \(error)")
    }
}

/// The one way that our documents are written: members in order, slashes as they are, so that the same values
/// always give the same digest.
public func encodeDocument(_ value: some Encodable, subject: String) throws(ImageSpecError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(value)) } catch {
        throw ImageSpecError(.malformedDocument, "\(subject): \(error)")
    }
}

private func sentence(for error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(path(context.codingPath, key)) is missing"
    case .valueNotFound(_, let context): "\(path(context.codingPath)) is null"
    case .typeMismatch(_, let context): "\(path(context.codingPath)) has the wrong type"
    case .dataCorrupted(let context):
        context.codingPath.isEmpty ? "not valid JSON" : "\(path(context.codingPath)): \(context.debugDescription)"
    @unknown default: "not understood"
    }
}

/// `config.Env[3]`, as a reader of the document would name it.
private func path(_ keys: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
    let text = (keys + (last.map { [$0] } ?? [])).reduce(into: "") { text, key in
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += (text.isEmpty ? "" : ".") + key.stringValue
        }
    }
    return text.isEmpty ? "the document" : text
}
