// Parameters may be left out where they have a default, so that a shell script needs to say only what it means:
// {"method":"container.list"}.

extension KeyedDecodingContainer {
    /// The member, or `standard` where it is absent or null.
    func value<Value: Decodable>(_ key: Key, or standard: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? standard
    }

    /// The member, or nil where it is absent or null.
    func value<Value: Decodable>(_ key: Key) throws -> Value? { try decodeIfPresent(Value.self, forKey: key) }
}
