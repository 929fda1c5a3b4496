/// What can be had of a JSON value. Every error names the member and what was expected of it.
///
/// Types read themselves member by member. A synthesized `Decodable` would look up dozens of conformances in tables of
/// thousands: half of the time that a container's start may take.
public protocol JSONReadable {
    init(_ json: JSONValue) throws(JSONMismatch)
}

/// A value that is not what it should be, and where it stands.
public struct JSONMismatch: Error {
    enum Step { case member(String), element(Int) }

    let problem: String
    /// From the inside out.
    private(set) var place: [Step] = []

    public init(_ problem: String) { self.problem = problem }

    init(expected what: String, got json: JSONValue) { self.init("expected \(what), got \(json.kind)") }

    func inside(_ step: Step) -> JSONMismatch {
        var outer = self
        outer.place.append(step)
        return outer
    }

    /// `mounts[3].options: expected …`, as a reader of the document would name it.
    var description: String {
        var path = ""
        for step in place.reversed() {
            switch step {
            case .member(let name): path += path.isEmpty ? name : "." + name
            case .element(let index): path += "[\(index)]"
            }
        }
        return "\(path.isEmpty ? "the document" : path): \(problem)"
    }
}

/// An object's members, to be asked for by name. Of those that stand twice the last counts, as in Go.
public struct JSONMembers {
    private let members: [(name: String, value: JSONValue)]

    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .object(let members) = json else { throw JSONMismatch(expected: "an object", got: json) }
        self.members = members
    }

    private func find(_ name: String) -> JSONValue? {
        if let member = members.last(where: { $0.name == name }) { return member.value }
        // As Go does, and so those who write for runc: whatever the letters' case.
        return members.last { Self.isSame($0.name.utf8, name.utf8) }?.value
    }

    /// `name` has letters and digits only.
    private static func isSame(_ other: String.UTF8View, _ name: String.UTF8View) -> Bool {
        other.count == name.count && zip(other, name).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    private func read<Value: JSONReadable>(_ json: JSONValue, _ name: String) throws(JSONMismatch) -> Value {
        do { return try Value(json) } catch { throw error.inside(.member(name)) }
    }

    public func required<Value: JSONReadable>(_ name: String) throws(JSONMismatch) -> Value {
        guard let json = find(name) else { throw JSONMismatch("is missing").inside(.member(name)) }
        return try read(json, name)
    }

    /// Nil when it is absent or `null`.
    public func optional<Value: JSONReadable>(_ name: String) throws(JSONMismatch) -> Value? {
        switch find(name) {
        case nil, .null?: nil
        case let json?: try read(json, name)
        }
    }
}

// MARK: What the standard library has

extension String: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .string(let text) = json else { throw JSONMismatch(expected: "a string", got: json) }
        self = text
    }
}

extension Bool: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .bool(let bool) = json else { throw JSONMismatch(expected: "true or false", got: json) }
        self = bool
    }
}

extension Array: JSONReadable where Element: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .array(let elements) = json else {
            throw JSONMismatch(expected: Element.self == String.self ? "an array of strings" : "an array", got: json)
        }
        self = []
        reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do { append(try Element(element)) } catch { throw error.inside(.element(index)) }
        }
    }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .object(let members) = json else { throw JSONMismatch(expected: "an object", got: json) }
        self = [:]
        for (name, value) in members {
            do { self[name] = try Value(value) } catch { throw error.inside(.member(name)) }
        }
    }
}

/// Numbers that do not fit are errors, never other numbers (uid-overflow).
public protocol JSONInteger: FixedWidthInteger, JSONReadable {}

extension JSONInteger {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        guard case .number(let text) = json else { throw JSONMismatch(expected: "a number", got: json) }
        guard let number = Self(text, radix: 10) else {
            throw JSONMismatch("\(text) is not a whole number from \(Self.min) to \(Self.max)")
        }
        self = number
    }
}

extension Int: JSONInteger {}
extension Int32: JSONInteger {}
extension Int64: JSONInteger {}
extension UInt: JSONInteger {}
extension UInt16: JSONInteger {}
extension UInt32: JSONInteger {}
extension UInt64: JSONInteger {}

extension JSONValue: JSONReadable {
    public init(_ json: JSONValue) { self = json }
}
