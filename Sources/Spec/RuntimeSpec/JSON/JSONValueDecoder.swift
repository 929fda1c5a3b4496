/// Makes values of a parsed document. Every error names the member and what was expected of it.
struct JSONValueDecoder: Decoder {
    let value: JSONValue
    let place: JSONPlace

    /// Nobody asks: errors name their place themselves.
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw place.error("expected an object, got \(value.kind)") }
        return KeyedDecodingContainer(JSONMembers(members: members, place: place))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw place.error("expected an array, got \(value.kind)") }
        return JSONElements(elements: elements, place: place)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { JSONSingleValue(decoder: self) }

    // MARK: What every container does

    func text() throws -> String {
        guard case .string(let text) = value else { throw place.error("expected a string, got \(value.kind)") }
        return text
    }

    func bool() throws -> Bool {
        guard case .bool(let bool) = value else { throw place.error("expected true or false, got \(value.kind)") }
        return bool
    }

    /// Numbers that do not fit are errors, never other numbers (uid-overflow).
    func integer<Number: FixedWidthInteger>() throws -> Number {
        guard case .number(let text) = value else { throw place.error("expected a number, got \(value.kind)") }
        guard let number = Number(text) else {
            throw place.error("\(text) is not a whole number from \(Number.min) to \(Number.max)")
        }
        return number
    }

    func real() throws -> Double {
        guard case .number(let text) = value, let number = Double(text) else {
            throw place.error("expected a number, got \(value.kind)")
        }
        return number
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == String.self, let text = try text() as? Value { return text }
        if type == [String].self, let texts = try texts() as? Value { return texts }
        return try Value(from: self)
    }

    private func texts() throws -> [String] {
        guard case .array(let elements) = value else {
            throw place.error("expected an array of strings, got \(value.kind)")
        }
        return try elements.enumerated().map { index, element in
            try JSONValueDecoder(value: element, place: .element(index, of: place)).text()
        }
    }
}

/// An object's members. Of those that stand twice the last counts, as in Go.
private struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [(name: String, value: JSONValue)]
    let place: JSONPlace
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    private func find(_ key: Key) -> JSONValue? {
        let name = key.stringValue
        return members.last { $0.name == name }?.value
    }

    private func decoder(_ key: Key) throws -> JSONValueDecoder {
        let place = JSONPlace.member(key.stringValue, of: place)
        guard let value = find(key) else { throw place.error("is missing") }
        return JSONValueDecoder(value: value, place: place)
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        if case .null = try decoder(key).value { true } else { false }
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).text() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).real() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try decoder(key).real()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).integer() }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).integer() }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).integer() }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).integer() }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).integer() }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).integer() }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).integer() }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).integer() }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).integer() }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).integer() }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder(key).decode(type) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<NestedKey>
    { try decoder(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { JSONValueDecoder(value: .object(members), place: place) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

/// An array's elements.
private struct JSONElements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let place: JSONPlace
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    init(elements: [JSONValue], place: JSONPlace) {
        self.elements = elements
        self.place = place
    }

    private mutating func next() throws -> JSONValueDecoder {
        guard !isAtEnd else { throw place.error("has too few elements") }
        defer { currentIndex += 1 }
        return JSONValueDecoder(value: elements[currentIndex], place: .element(currentIndex, of: place))
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, case .null = elements[currentIndex] else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().decode(type) }
    mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) throws
        -> KeyedDecodingContainer<NestedKey>
    { try next().container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
}

/// A value that is no collection.
private struct JSONSingleValue: SingleValueDecodingContainer {
    let decoder: JSONValueDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { if case .null = decoder.value { true } else { false } }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.text() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.real() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.real()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer() }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}
