/// What may be done with a device: the letters `r`, `w` and `m` (mknod) of config-linux.md.
public struct DeviceAccess: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    // The kernel's BPF_DEVCG_ACC_* bits.
    public static let mknod = DeviceAccess(rawValue: 1)
    public static let read = DeviceAccess(rawValue: 2)
    public static let write = DeviceAccess(rawValue: 4)
    public static let all: DeviceAccess = [.read, .write, .mknod]

    /// Nil if `letters` has any other letter, or none.
    public init?(_ letters: some StringProtocol) {
        var access: DeviceAccess = []
        for letter in letters {
            switch letter {
            case "r": access.insert(.read)
            case "w": access.insert(.write)
            case "m": access.insert(.mknod)
            default: return nil
            }
        }
        if access.isEmpty { return nil }
        self = access
    }

    var letters: String {
        (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.mknod) ? "m" : "")
    }
}

/// A device, or many: nil for a number stands for all of them.
struct DeviceMatch: Hashable, Comparable {
    enum Kind: String { case block = "b", character = "c" }
    let kind: Kind
    let major: UInt32?
    let minor: UInt32?

    var text: String { "\(kind.rawValue) \(Self.text(major)):\(Self.text(minor))" }

    private static func text(_ number: UInt32?) -> String { number.map(String.init) ?? "*" }

    private var sortKey: (Int64, Int64, String) {
        (major.map(Int64.init) ?? -1, minor.map(Int64.init) ?? -1, kind.rawValue)
    }
    static func < (one: DeviceMatch, other: DeviceMatch) -> Bool { one.sortKey < other.sortKey }
}

/// One line for `devices.allow` or `devices.deny`; no match stands for all devices and all access.
struct DeviceLine: Hashable {
    let match: DeviceMatch?
    let access: DeviceAccess
    let allow: Bool

    var text: String { match.map { "\($0.text) \(access.letters)" } ?? "a *:* rwm" }
}

/// Which devices a cgroup may use: a default and exceptions to it, as cgroup v1's devices controller keeps them
/// (Documentation/admin-guide/cgroup-v1/devices.rst). The rules of a configuration are played through on this value,
/// and v1 writes and the v2 program both follow from it, so that the same configuration means the same on both.
struct DevicePolicy: Hashable {
    private(set) var allowsByDefault = false
    private(set) var exceptions: [DeviceMatch: DeviceAccess] = [:]

    mutating func apply(_ rule: DeviceLine) throws(CgroupError) {
        guard let match = rule.match else {
            self = DevicePolicy(allowsByDefault: rule.allow)
            return
        }
        if rule.allow != allowsByDefault {
            exceptions[match, default: []].formUnion(rule.access)
        } else {
            try removeException(match, rule.access)
        }
    }

    /// A wildcard exception that covers a part of what is removed would stay in force in silence: that is refused.
    private mutating func removeException(_ match: DeviceMatch, _ access: DeviceAccess) throws(CgroupError) {
        let wider = [
            DeviceMatch(kind: match.kind, major: nil, minor: match.minor),
            DeviceMatch(kind: match.kind, major: match.major, minor: nil),
            DeviceMatch(kind: match.kind, major: nil, minor: nil),
        ]
        for wildcard in wider where wildcard != match {
            guard exceptions[wildcard]?.isDisjoint(with: access) == false else { continue }
            throw CgroupError(
                .invalid,
                "device rule \"\(match.text) \(access.letters)\" would punch a hole into "
                    + "\"\(wildcard.text)\", which cgroups cannot do: order or narrow the rules")
        }
        exceptions[match]?.subtract(access)
        if exceptions[match]?.isEmpty == true { exceptions[match] = nil }
    }

    private var sortedExceptions: [(key: DeviceMatch, value: DeviceAccess)] {
        exceptions.sorted { $0.key < $1.key }
    }

    /// The exceptions as rules, in a stable order.
    var rules: [DeviceLine] {
        sortedExceptions.map { DeviceLine(match: $0.key, access: $0.value, allow: !allowsByDefault) }
    }

    /// The fewest rules that lead from this policy to `target`: a program in the container keeps what it may use in
    /// both throughout. What an allow-all cgroup denies cannot be read back, so that one is always begun anew.
    func transition(to target: DevicePolicy) -> [DeviceLine] {
        var result: [DeviceLine] = []
        var old = exceptions
        if allowsByDefault || target.allowsByDefault {
            result.append(DeviceLine(match: nil, access: .all, allow: target.allowsByDefault))
            old = [:]
        }
        for (match, access) in old.sorted(by: { $0.key < $1.key }) {
            let dropped = access.subtracting(target.exceptions[match] ?? [])
            guard !dropped.isEmpty else { continue }
            result.append(DeviceLine(match: match, access: dropped, allow: target.allowsByDefault))
        }
        for (match, access) in target.sortedExceptions {
            let gained = access.subtracting(old[match] ?? [])
            guard !gained.isEmpty else { continue }
            result.append(DeviceLine(match: match, access: gained, allow: !target.allowsByDefault))
        }
        return result
    }

    /// Reads `devices.list`. Of a cgroup that allows by default it shows nothing but that.
    init(list text: String) throws(CgroupError) {
        self.init()
        for line in text.split(separator: "\n") {
            let fields = line.split { $0 == " " || $0 == ":" }
            guard fields.count == 4 else {
                throw CgroupError(.state, "devices.list has a line that makes no sense: \(line)")
            }
            if fields[0] == "a" {
                self = DevicePolicy(allowsByDefault: true)
            } else if let kind = DeviceMatch.Kind(rawValue: String(fields[0])), let access = DeviceAccess(fields[3]) {
                let match = DeviceMatch(kind: kind, major: UInt32(fields[1]), minor: UInt32(fields[2]))
                if !allowsByDefault { exceptions[match, default: []].formUnion(access) }
            }
        }
    }

    init(allowsByDefault: Bool = false) { self.allowsByDefault = allowsByDefault }
}

extension DevicePolicy {
    /// What every container may use, after all that its configuration says: config-linux.md, "Default Devices", with
    /// mknod of any device (to make a node is not to use it), pseudoterminals, and the console.
    static let always: [DeviceLine] = {
        func character(_ major: UInt32?, _ minor: UInt32?, _ access: DeviceAccess = .all) -> DeviceLine {
            DeviceLine(match: DeviceMatch(kind: .character, major: major, minor: minor), access: access, allow: true)
        }
        let block = DeviceMatch(kind: .block, major: nil, minor: nil)
        return [
            character(nil, nil, .mknod), DeviceLine(match: block, access: .mknod, allow: true),
            character(1, 3), character(1, 5), character(1, 7), character(1, 8), character(1, 9),
            character(5, 0), character(5, 2), character(136, nil),
        ]
    }()
}
