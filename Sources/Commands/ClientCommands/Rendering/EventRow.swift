internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// An event as docker shows it.
enum EventRow {
    /// `2026-11-24T03:04:05.123456789Z container start ID (image=busybox, name=x)`
    static func line(_ event: Event) -> String {
        let attributes = event.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let end = attributes.isEmpty ? "" : " (\(attributes.joined(separator: ", ")))"
        return "\(event.time) \(event.kind.rawValue) \(event.action) \(event.id)\(end)"
    }

    /// The members of docker's event messages.
    static func json(_ event: Event) -> JSONValue {
        let attributes = event.attributes.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        var members: [JSONValue.Member] = []
        if event.kind == .container {
            members = [
                .init("status", .string(event.action)), .init("id", .string(event.id)),
                .init("from", .string(event.attributes["image"] ?? "")),
            ]
        }
        members += [
            .init("Type", .string(event.kind.rawValue)), .init("Action", .string(event.action)),
            .init("Actor", .object([.init("ID", .string(event.id)), .init("Attributes", .object(attributes))])),
            .init("scope", .string("local")), .init("time", .integer(event.time.seconds)),
            .init("timeNano", .integer(Int64(clamping: event.time.nanoseconds))),
        ]
        return .object(members)
    }
}
