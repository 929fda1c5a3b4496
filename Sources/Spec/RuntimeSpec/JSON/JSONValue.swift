/// A JSON value as it stands in a document: RFC 8259.
indirect enum JSONValue {
    case null
    case bool(Bool)
    /// As it is written: what it is meant for decides whether it fits.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In order; a name that stands twice is there twice.
    case object([(name: String, value: JSONValue)])

    /// How a message names it.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Where a value stands in its document, from the inside out.
indirect enum JSONPlace {
    case document
    case member(String, of: JSONPlace)
    case element(Int, of: JSONPlace)

    /// `mounts[3].options`, as a reader of the document would name it.
    var description: String {
        switch self {
        case .document: "the document"
        case .member(let name, .document): name
        case .member(let name, let parent): "\(parent.description).\(name)"
        case .element(let index, .document): "[\(index)]"
        case .element(let index, let parent): "\(parent.description)[\(index)]"
        }
    }

    func error(_ problem: String) -> RuntimeSpecError { RuntimeSpecError("\(description): \(problem)") }
}
