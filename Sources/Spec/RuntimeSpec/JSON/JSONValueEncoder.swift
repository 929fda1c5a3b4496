extension JSONValue {
    /// The JSON that `value` encodes to, its members by name. What is nil is left out.
    public init(encoding value: some Encodable) {
        let storage = JSONStorage()
        // The containers below take every value, so only a type's own encode(to:) could throw, and none of ours does.
        try? value.encode(to: JSONValueEncoder(storage: storage))
        self = storage.result
    }
}

/// Where an encoder puts what it makes. A class, since nested containers are filled after they were handed out.
private final class JSONStorage {
    private enum Content {
        case value(JSONValue)
        case elements([JSONStorage])
        case members([(name: String, storage: JSONStorage)])
    }

    private var content: Content?

    var result: JSONValue {
        switch content {
        case .value(let value): value
        case .elements(let elements): .array(elements.map(\.result))
        case .members(let members): .object(members.sorted { $0.name < $1.name }.map { ($0.name, $0.storage.result) })
        case nil: .object([])
        }
    }

    func becomeObject() { if content == nil { content = .members([]) } }
    func becomeArray() { if content == nil { content = .elements([]) } }

    var count: Int { if case .elements(let elements)? = content { elements.count } else { 0 } }

    func addElement() -> JSONStorage {
        guard case .elements(var elements)? = content else { return self }
        let element = JSONStorage()
        elements.append(element)
        content = .elements(elements)
        return element
    }

    func addMember(_ name: String) -> JSONStorage {
        guard case .members(var members)? = content else { return self }
        let member = JSONStorage()
        members.append((name, member))
        content = .members(members)
        return member
    }

    func put(_ value: some Encodable) throws {
        switch value {
        case let value as Bool: content = .value(.bool(value))
        case let value as String: content = .value(.string(value))
        case let value as any FixedWidthInteger: content = .value(.integer(value))
        case let value as Double: content = .value(.number("\(value)"))
        default: try value.encode(to: JSONValueEncoder(storage: self))
        }
    }

    func putNull() { content = .value(.null) }
}

private struct JSONValueEncoder: Encoder {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
        storage.becomeObject()
        return KeyedEncodingContainer(KeyedJSON<Key>(storage: storage))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        storage.becomeArray()
        return UnkeyedJSON(storage: storage)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleJSON(storage: storage) }
}

private struct KeyedJSON<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) { storage.addMember(key.stringValue).putNull() }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        try storage.addMember(key.stringValue).put(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy keys: Nested.Type, forKey key: Key)
        -> KeyedEncodingContainer<Nested>
    {
        JSONValueEncoder(storage: storage.addMember(key.stringValue)).container(keyedBy: keys)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONValueEncoder(storage: storage.addMember(key.stringValue)).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { JSONValueEncoder(storage: storage.addMember("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder {
        JSONValueEncoder(storage: storage.addMember(key.stringValue))
    }
}

private struct UnkeyedJSON: UnkeyedEncodingContainer {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }
    var count: Int { storage.count }

    mutating func encodeNil() { storage.addElement().putNull() }
    mutating func encode(_ value: some Encodable) throws { try storage.addElement().put(value) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy keys: Nested.Type) -> KeyedEncodingContainer<Nested> {
        JSONValueEncoder(storage: storage.addElement()).container(keyedBy: keys)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONValueEncoder(storage: storage.addElement()).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { JSONValueEncoder(storage: storage.addElement()) }
}

private struct SingleJSON: SingleValueEncodingContainer {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() { storage.putNull() }
    mutating func encode(_ value: some Encodable) throws { try storage.put(value) }
}
