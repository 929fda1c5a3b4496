import RuntimeSpec
import Testing

@testable import Cgroups

/// Runs a device program as the kernel would, for the few opcodes that there are. Anything else is a failure.
private func run(_ instructions: [UInt64], kind: UInt32, access: UInt32, major: UInt32, minor: UInt32) -> UInt32? {
    var registers = [UInt32](repeating: 0xdead, count: 11)
    let context = [0: kind | access << 16, 4: major, 8: minor]
    var counter = 0
    while instructions.indices.contains(counter) {
        let word = instructions[counter]
        let to = Int(word >> 8 & 0xf), from = Int(word >> 12 & 0xf)
        let offset = Int(Int16(truncatingIfNeeded: word >> 16)), constant = UInt32(word >> 32)
        counter += 1
        switch word & 0xff {
        case 0x61:
            guard from == 1, let value = context[offset] else { return nil }
            registers[to] = value
        case 0x54: registers[to] &= constant
        case 0x74: registers[to] >>= constant
        case 0xbc: registers[to] = registers[from]
        case 0xb4: registers[to] = constant
        case 0x56: if registers[to] != constant { counter += offset }
        case 0x16: if registers[to] == constant { counter += offset }
        case 0x5e: if registers[to] != registers[from] { counter += offset }
        case 0x95: return registers[0]
        default: return nil
        }
    }
    return nil
}

private let mknod: UInt32 = 1, read: UInt32 = 2, write: UInt32 = 4
private let block: UInt32 = 1, character: UInt32 = 2

@Suite("Devices are allowed as the rules say")
struct DeviceTests {
    private func allows(
        _ rules: [RuntimeSpec.DeviceRule], _ kind: UInt32, _ access: UInt32, _ major: UInt32, _ minor: UInt32
    ) throws -> Bool {
        let filter = DeviceFilter(try DevicePolicy(Resources(devices: rules)))
        return try #require(run(filter.instructions, kind: kind, access: access, major: major, minor: minor)) == 1
    }

    private let denyAll = RuntimeSpec.DeviceRule(allow: false, access: "rwm")
    private let allowAll = RuntimeSpec.DeviceRule(allow: true, type: "a", access: "rwm")

    @Test("the devices that every container has are allowed, and no others")
    func defaults() throws {
        #expect(try allows([denyAll], character, read | write, 1, 3))
        #expect(try allows([denyAll], character, read | write, 136, 77))
        #expect(try allows([], character, read, 1, 9))
        #expect(try !allows([denyAll], character, read, 1, 1))
        #expect(try !allows([denyAll], block, read, 8, 0))
    }

    @Test("any node may be made, but not used")
    func nodes() throws {
        #expect(try allows([denyAll], block, mknod, 8, 0))
        #expect(try !allows([denyAll], block, mknod | read, 8, 0))
    }

    @Test("a rule allows no more than its letters")
    func letters() throws {
        let rules = [denyAll, RuntimeSpec.DeviceRule(allow: true, type: "c", major: 10, minor: 229, access: "r")]
        #expect(try allows(rules, character, read, 10, 229))
        #expect(try !allows(rules, character, read | write, 10, 229))
        #expect(try !allows(rules, character, read, 10, 228))
        #expect(try !allows(rules, block, read, 10, 229))
    }

    @Test("where all is allowed, a rule takes away what its letters name, also from a wider wish")
    func exceptions() throws {
        let rules = [allowAll, RuntimeSpec.DeviceRule(allow: false, type: "b", major: 8, access: "w")]
        #expect(try allows(rules, block, read, 8, 1))
        #expect(try !allows(rules, block, write, 8, 1))
        #expect(try !allows(rules, block, read | write, 8, 1))
        #expect(try allows(rules, character, read | write, 8, 1))
    }

    @Test("a later rule for all forgets the earlier ones")
    func lastAllCounts() throws {
        let rules = [RuntimeSpec.DeviceRule(allow: true, type: "c", major: 10, minor: 1, access: "rwm"), denyAll]
        #expect(try !allows(rules, character, read, 10, 1))
    }

    @Test("a hole in a wildcard is refused, as the kernel would keep the wildcard")
    func hole() {
        let rules = [
            denyAll, RuntimeSpec.DeviceRule(allow: true, type: "c", major: 10, access: "rwm"),
            RuntimeSpec.DeviceRule(allow: false, type: "c", major: 10, minor: 1, access: "w"),
        ]
        #expect(throws: CgroupError.self) { try DevicePolicy(Resources(devices: rules)) }
    }

    @Test(
        "rules that make no sense are refused",
        arguments: [
            RuntimeSpec.DeviceRule(allow: true, type: "c", major: 1, minor: 1, access: ""),
            RuntimeSpec.DeviceRule(allow: true, type: "c", major: 1, minor: 1, access: "x"),
            RuntimeSpec.DeviceRule(allow: true, type: "p", access: "rwm"),
            RuntimeSpec.DeviceRule(allow: true, type: "c", major: -2, access: "rwm"),
            RuntimeSpec.DeviceRule(allow: true, type: "c", major: 4_294_967_296, access: "rwm"),
        ])
    func nonsense(_ rule: RuntimeSpec.DeviceRule) {
        #expect(throws: CgroupError.self) { try DevicePolicy(Resources(devices: [rule])) }
    }

    @Test("what stays allowed is never taken away in between")
    func transition() throws {
        let old = try DevicePolicy(list: "c 1:3 rwm\nc 10:1 rwm\nb *:* m\n")
        let new = try DevicePolicy(list: "c 1:3 rwm\nc 10:1 r\nc 5:0 rw\n")
        let lines = old.transition(to: new).map { ($0.allow ? "+" : "-") + $0.text }
        #expect(lines == ["-b *:* m", "-c 10:1 wm", "+c 5:0 rw"])
    }

    @Test("from a cgroup that allows all, all is denied first")
    func fromAllowAll() throws {
        let lines = try DevicePolicy(list: "a *:* rwm\n").transition(to: DevicePolicy(list: "c 1:3 rwm\n"))
        #expect(lines.map(\.text) == ["a *:* rwm", "c 1:3 rwm"])
        #expect(lines.map(\.allow) == [false, true])
    }
}
