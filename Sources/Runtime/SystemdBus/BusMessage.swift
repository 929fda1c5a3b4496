internal import CSystemd
internal import Cgroups

/// A message that is being written or read: sd_bus_message_append_basic(3), sd_bus_message_read_basic(3).
@safe final class BusMessage {
    let pointer: OpaquePointer

    /// Takes over the caller's reference.
    init(owning pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
    deinit { unsafe sd_bus_message_unref(pointer) }

    // MARK: Writing

    func append(_ value: BusValue) throws(BusError) {
        switch value {
        case .boolean(let value): try append("b", CInt(value ? 1 : 0))
        case .byte(let value): try append("y", value)
        case .int16(let value): try append("n", value)
        case .uint16(let value): try append("q", value)
        case .int32(let value): try append("i", value)
        case .uint32(let value): try append("u", value)
        case .int64(let value): try append("x", value)
        case .uint64(let value): try append("t", value)
        case .double(let value): try append("d", value)
        case .string(let text): try append(text)
        case .array(let element, let values): try container("a", element, values)
        case .structure(let members):
            try container("r", members.map(\.signature).joined(), members)
        case .variant(let inner): try container("v", inner.signature, [inner])
        }
    }

    func append(_ text: String) throws(BusError) {
        let answer = unsafe text.withCString { unsafe sd_bus_message_append_basic(pointer, Self.code("s"), $0) }
        try checked(answer, "cannot write a string into a message")
    }

    private func append<Number>(_ type: Character, _ number: Number) throws(BusError) {
        let answer = unsafe withUnsafePointer(to: number) {
            unsafe sd_bus_message_append_basic(pointer, Self.code(type), $0)
        }
        try checked(answer, "cannot write a number into a message")
    }

    private func container(_ type: Character, _ contents: String, _ values: [BusValue]) throws(BusError) {
        try checked(
            unsafe sd_bus_message_open_container(pointer, Self.code(type), contents), "cannot begin a container")
        for value in values { try append(value) }
        try checked(unsafe sd_bus_message_close_container(pointer), "cannot end a container")
    }

    private static func code(_ type: Character) -> CChar { CChar(type.asciiValue ?? 0) }

    // MARK: Reading

    /// The next member, which must be a string or an object's path.
    func readString(_ type: Character) throws(BusError) -> String {
        var text: UnsafePointer<CChar>?
        try checked(
            unsafe sd_bus_message_read_basic(pointer, Self.code(type), &text), "cannot understand systemd's answer")
        guard let text = unsafe text else { throw BusError("cannot understand systemd's answer: no text") }
        return unsafe String(cString: text)
    }

    func readNumber() throws(BusError) -> UInt32 {
        var number: UInt32 = 0
        try checked(
            unsafe sd_bus_message_read_basic(pointer, Self.code("u"), &number), "cannot understand systemd's answer")
        return number
    }
}
