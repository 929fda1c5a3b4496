extension JSONValue {
    /// The JSON that `value` encodes to, its members in the order in which they are declared. What is nil becomes
    /// `null`, so that a template finds every member there is.
    public init(encoding value: some Encodable) {
        self = JSONValueEncoder.encode(value)
    }
}

/// A dictionary with string keys has no order of its own; it is sorted.
private protocol UnorderedMembers {}
extension Dictionary: UnorderedMembers where Key == String {}

/// Where an encoder puts what it makes. A class, since nested containers are filled after they were handed out.
private final class JSONStorage {
    var value: JSONValue?
    var elements: [JSONStorage]?
    var members: [(name: String, storage: JSONStorage)]?

    var result: JSONValue {
        if let elements { return .array(elements.map(\.result)) }
        if let members { return .object(members.map { JSONValue.Member($0.name, $0.storage.result) }) }
        return value ?? .object([])
    }
}

private struct JSONValueEncoder: Encoder {
    let storage: JSONStorage
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    static func encode(_ value: some Encodable) -> JSONValue {
        let storage = JSONStorage()
        // The containers below take every value, so only a type's own encode(to:) could throw, and none of ours does.
        try? value.encode(to: JSONValueEncoder(storage: storage))
        guard value is any UnorderedMembers, case .object(let members) = storage.result else { return storage.result }
        return .object(members.sorted { $0.name < $1.name })
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
        storage.members = storage.members ?? []
        return KeyedEncodingContainer(KeyedJSON<Key>(storage: storage))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        storage.elements = storage.elements ?? []
        return UnkeyedJSON(storage: storage)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleJSON(storage: storage) }

    static func scalar(_ value: some Encodable) -> JSONValue? {
        switch value {
        case let value as Bool: .bool(value)
        case let value as String: .string(value)
        case let value as Double: .number(value)
        case let value as Float: .number(Double(value))
        case let value as UInt64: Int64(exactly: value).map(JSONValue.integer) ?? .number(Double(value))
        case let value as any BinaryInteger: .integer(Int64(value))
        default: nil
        }
    }

    static func any(_ value: some Encodable) -> JSONValue { scalar(value) ?? encode(value) }
}

private struct KeyedJSON<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let storage: JSONStorage
    let codingPath: [any CodingKey] = []

    private func add(_ name: String) -> JSONStorage {
        let member = JSONStorage()
        storage.members?.append((name, member))
        return member
    }

    mutating func encodeNil(forKey key: Key) { add(key.stringValue).value = .null }
    mutating func encode(_ value: some Encodable, forKey key: Key) {
        add(key.stringValue).value = JSONValueEncoder.any(value)
    }
    mutating func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) {
        add(key.stringValue).value = value.map { JSONValueEncoder.any($0) } ?? .null
    }
    mutating func encodeIfPresent(_ value: String?, forKey key: Key) {
        add(key.stringValue).value = value.map(JSONValue.string) ?? .null
    }
    mutating func encodeIfPresent(_ value: Int?, forKey key: Key) {
        add(key.stringValue).value = value.map { .integer(Int64($0)) } ?? .null
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy keys: Nested.Type, forKey key: Key)
        -> KeyedEncodingContainer<Nested>
    {
        JSONValueEncoder(storage: add(key.stringValue)).container(keyedBy: keys)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONValueEncoder(storage: add(key.stringValue)).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { JSONValueEncoder(storage: add("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { JSONValueEncoder(storage: add(key.stringValue)) }
}

private struct UnkeyedJSON: UnkeyedEncodingContainer {
    let storage: JSONStorage
    let codingPath: [any CodingKey] = []
    var count: Int { storage.elements?.count ?? 0 }

    private func add() -> JSONStorage {
        let element = JSONStorage()
        storage.elements?.append(element)
        return element
    }

    mutating func encodeNil() { add().value = .null }
    mutating func encode(_ value: some Encodable) { add().value = JSONValueEncoder.any(value) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy keys: Nested.Type) -> KeyedEncodingContainer<Nested> {
        JSONValueEncoder(storage: add()).container(keyedBy: keys)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONValueEncoder(storage: add()).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { JSONValueEncoder(storage: add()) }
}

private struct SingleJSON: SingleValueEncodingContainer {
    let storage: JSONStorage
    let codingPath: [any CodingKey] = []

    mutating func encodeNil() { storage.value = .null }
    mutating func encode(_ value: some Encodable) { storage.value = JSONValueEncoder.any(value) }
}
