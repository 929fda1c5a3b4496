public import RuntimeSpec

/// A property of a unit as systemd's D-Bus interface has it: org.freedesktop.systemd1(5).
public struct SystemdProperty: Hashable, Sendable {
    public let name: String
    public let value: BusValue

    public init(_ name: String, _ value: BusValue) {
        self.name = name
        self.value = value
    }
}

extension SystemdProperty: JSONReadable {
    public init(_ json: JSONValue) throws(JSONMismatch) {
        let members = try JSONMembers(json)
        let text: String = try members.required("value")
        name = try members.required("name")
        do { value = try BusValue(text: text) } catch { throw JSONMismatch("value \(text): \(error)") }
    }

    var json: JSONValue { .object([("name", .string(name)), ("value", .string("\(value)"))]) }
}

// MARK: From annotations

extension SystemdProperty {
    private static let prefix = "org.systemd.property."

    /// The properties that annotations ask for: `org.systemd.property.NAME` with a value in GVariant's text format, as
    /// runc and crun have them. In the order of their names.
    static func all(in annotations: [String: String]) throws(CgroupError) -> [SystemdProperty] {
        var properties: [SystemdProperty] = []
        for (key, text) in annotations.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            properties.append(try SystemdProperty(annotation: key, text))
        }
        return properties
    }

    private init(annotation key: String, _ text: String) throws(CgroupError) {
        let name = String(key.dropFirst(Self.prefix.count))
        guard name.utf8.count >= 3, name.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw CgroupError(
                .invalid, "annotation \(key) name incorrect: a property's name has letters only, and three at least")
        }
        let value: BusValue
        do { value = try BusValue(text: text) } catch {
            throw CgroupError(.invalid, "annotation \(key)=\(text) value parse error: \(error)")
        }
        let stem = name.dropLast(3)
        guard name.hasSuffix("Sec"), stem.last?.isLowercase == true else {
            self.init(name, value)
            return
        }
        // Unit files say `TimeoutStopSec` where D-Bus says `TimeoutStopUSec`.
        guard let seconds = value.number, let microseconds = UInt64(exactly: (seconds * 1_000_000).rounded(.down))
        else {
            throw CgroupError(.invalid, "annotation \(key)=\(text) value parse error: not a number of seconds")
        }
        self.init(stem + "USec", .uint64(microseconds))
    }
}
