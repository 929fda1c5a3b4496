extension RuntimeSpecError {
    /// Says in one line what a decoder found wrong.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context): self.init("\(memberPath(context.codingPath + [key])): is missing")
        case .valueNotFound(_, let context): self.init("\(memberPath(context.codingPath)): must not be null")
        case .typeMismatch(let type, let context):
            self.init("\(memberPath(context.codingPath)): expected \(typeName(type))")
        case .dataCorrupted(let context):
            let place = context.codingPath.isEmpty ? "not valid JSON" : memberPath(context.codingPath)
            let cause = context.underlyingError.map { "\($0)" }
            self.init("\(place): \(cause ?? context.debugDescription)")
        @unknown default: self.init("not understood")
        }
    }
}

/// `mounts[3].options`, as a reader of the document would name it.
private func memberPath(_ keys: [any CodingKey]) -> String {
    let text = keys.reduce(into: "") { text, key in
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += (text.isEmpty ? "" : ".") + key.stringValue
        }
    }
    return text.isEmpty ? "the document" : text
}

private func typeName(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a number"
    case is [String].Type: "an array of strings"
    case is any ExpressibleByArrayLiteral.Type: "an array"
    default: "an object"
    }
}
