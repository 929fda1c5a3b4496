import LinuxKernel
import RuntimeSpec
import Testing

@testable import RuntimeEngine

/// What a filter answers to a system call, as the kernel would run it; nil for an instruction that it would not take.
private func answer(_ program: [UInt64], architecture: UInt32 = 0xc000_003e, call: UInt32, _ arguments: [UInt64] = [])
    -> UInt32?
{
    var words: [UInt32] = [call, architecture, 0, 0]
    for index in 0..<6 {
        let argument = arguments.indices.contains(index) ? arguments[index] : 0
        words += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var accumulator: UInt32 = 0, counter = 0
    while program.indices.contains(counter) {
        let word = program[counter]
        let yes = Int(word >> 16 & 0xff), no = Int(word >> 24 & 0xff), constant = UInt32(word >> 32)
        counter += 1
        switch word & 0xffff {
        case 0x20: accumulator = words[Int(constant / 4)]
        case 0x54: accumulator &= constant
        case 0x15: counter += accumulator == constant ? yes : no
        case 0x25: counter += accumulator > constant ? yes : no
        case 0x35: counter += accumulator >= constant ? yes : no
        case 0x45: counter += accumulator & constant != 0 ? yes : no
        case 0x05: counter += Int(constant)
        case 0x06: return constant
        default: return nil
        }
    }
    return nil
}

private let allow: UInt32 = 0x7fff_0000, errno: UInt32 = 0x0005_0000, killThread: UInt32 = 0
private let read: UInt32 = 0, write: UInt32 = 1, mkdir: UInt32 = 83, personality: UInt32 = 135, newest: UInt32 = 467

@Suite("A seccomp profile becomes a filter")
struct SeccompTests {
    private func program(_ profile: Seccomp) throws -> [UInt64] { try SeccompProgram(profile).instructions }

    @Test("the default action holds for what no rule names")
    func defaultAction() throws {
        let program = try program(
            Seccomp(defaultAction: .allow, syscalls: [SeccompRule(names: ["mkdir"], action: .errno)]))
        #expect(answer(program, call: mkdir) == errno | 1)
        #expect(answer(program, call: read) == allow)
    }

    @Test("errnoRet is what the call returns")
    func errnoRet() throws {
        let rules = [SeccompRule(names: ["mkdir"], action: .errno, errnoRet: 28)]
        let program = try program(Seccomp(defaultAction: .errno, defaultErrnoRet: 38, syscalls: rules))
        #expect(answer(program, call: mkdir) == errno | 28)
        #expect(answer(program, call: read) == errno | 38)
    }

    @Test("conditions on several arguments must all hold")
    func conjunction() throws {
        let arguments = [
            SeccompArgument(index: 0, value: 7, op: .equal),
            SeccompArgument(index: 1, value: 0xff00, valueTwo: 0x1200, op: .maskedEqual),
        ]
        let rules = [SeccompRule(names: ["personality"], action: .errno, args: arguments)]
        let program = try program(Seccomp(defaultAction: .allow, syscalls: rules))
        #expect(answer(program, call: personality, [7, 0x1234]) == errno | 1)
        #expect(answer(program, call: personality, [7, 0x1334]) == allow)
        #expect(answer(program, call: personality, [8, 0x1234]) == allow)
    }

    @Test("of several conditions on one argument any suffices")
    func disjunction() throws {
        let arguments = [3, 5].map { SeccompArgument(index: 0, value: $0, op: .equal) }
        let rules = [SeccompRule(names: ["personality"], action: .errno, args: arguments)]
        let program = try program(Seccomp(defaultAction: .allow, syscalls: rules))
        #expect([3, 5].allSatisfy { answer(program, call: personality, [$0]) == errno | 1 })
        #expect(answer(program, call: personality, [4]) == allow)
    }

    @Test("a value of more than 32 bits is compared whole")
    func wideValues() throws {
        let argument = SeccompArgument(index: 0, value: 1 << 32, op: .greaterOrEqual)
        let rules = [SeccompRule(names: ["personality"], action: .errno, args: [argument])]
        let program = try program(Seccomp(defaultAction: .allow, syscalls: rules))
        #expect(answer(program, call: personality, [1 << 32]) == errno | 1)
        #expect(answer(program, call: personality, [0xffff_ffff]) == allow)
    }

    @Test("names that no architecture knows are left out")
    func unknownNames() throws {
        let rules = [SeccompRule(names: ["no_such_call", "mkdir"], action: .errno)]
        let program = try program(Seccomp(defaultAction: .allow, syscalls: rules))
        #expect(answer(program, call: mkdir) == errno | 1)
    }

    @Test("calls newer than a denying profile get ENOSYS, those it could know its default")
    func newerCalls() throws {
        let rules = [SeccompRule(names: ["read", "personality"], action: .allow)]
        let profile = Seccomp(
            defaultAction: .errno, architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            syscalls: rules)
        let program = try program(profile)
        #expect(answer(program, call: newest) == errno | 38)
        #expect(answer(program, call: mkdir) == errno | 1)
        #expect(answer(program, call: read) == allow)
        // i386: personality is 136, and x32 has the bit of its own.
        #expect(answer(program, architecture: 0x4000_0003, call: 136) == allow)
        #expect(answer(program, architecture: 0x4000_0003, call: 137) == errno | 38)
        #expect(answer(program, call: 0x4000_0000 | personality) == allow)
        #expect(answer(program, call: 0x4000_0000 | newest) == errno | 38)
    }

    @Test("another architecture is killed unless the profile names it")
    func otherArchitectures() throws {
        let rules = [SeccompRule(names: ["read"], action: .allow)]
        let program = try program(Seccomp(defaultAction: .errno, syscalls: rules))
        #expect(answer(program, architecture: 0x4000_0003, call: 3) == killThread)
    }

    @Test("many rules are still found")
    func manyRules() throws {
        let names = ["read", "write", "open", "close", "stat", "fstat", "lstat", "poll", "lseek", "mmap", "mprotect"]
        let rules =
            names.map { SeccompRule(names: [$0], action: .allow) }
            + (0..<40).map {
                SeccompRule(
                    names: ["personality"], action: .allow,
                    args: [SeccompArgument(index: 0, value: $0, op: .equal)])
            }
        let program = try program(Seccomp(defaultAction: .errno, syscalls: rules))
        #expect(answer(program, call: write) == allow)
        #expect(answer(program, call: personality, [39]) == allow)
        #expect(answer(program, call: personality, [40]) == errno | 1)
    }

    @Test("without flags speculation is left alone, and an empty list means none")
    func flags() throws {
        #expect(try SeccompProgram(Seccomp(defaultAction: .allow)).flags == .speculationAllowed)
        #expect(try SeccompProgram(Seccomp(defaultAction: .allow, flags: [])).flags == [])
        let named = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"]
        #expect(try SeccompProgram(Seccomp(defaultAction: .allow, flags: named)).flags == .log)
    }

    @Test("a filter that was kept is the same, and one that was damaged is made anew")
    func cache() throws {
        let directory = "/tmp/seccomp-\(ThisProcess.pid)"
        try Descriptor.workingDirectory.makeDirectory(directory)
        defer { try? Descriptor.workingDirectory.removeTree(directory) }
        let profile = Seccomp(defaultAction: .allow, syscalls: [SeccompRule(names: ["mkdir"], action: .errno)])
        var other = profile
        other.defaultErrnoRet = 7
        let cache = SeccompCache(root: directory)
        let made = try cache.program(profile)
        _ = try cache.program(other)
        #expect(try cache.program(profile) == made)
        let names = try Descriptor.workingDirectory.entries(of: directory).map(\.name)
        #expect(names.count == 2)
        for name in names { try Descriptor.workingDirectory.writeFileDurably("\(directory)/\(name)", [1, 2, 3]) }
        #expect(try cache.program(profile) == made)
    }

    @Test("an agent is asked about the calls that a rule puts before it")
    func agent() throws {
        let rules = [SeccompRule(names: ["mkdir"], action: .notify)]
        let program = try SeccompProgram(Seccomp(defaultAction: .allow, listenerPath: "/agent", syscalls: rules))
        #expect(answer(program.instructions, call: mkdir) == 0x7fc0_0000)
        #expect(answer(program.instructions, call: read) == allow)
        #expect(program.flags == [.newListener, .speculationAllowed])
    }

    @Test(
        "what cannot be carried out is refused",
        arguments: [
            Seccomp(defaultAction: .allow, architectures: ["SCMP_ARCH_NONSENSE"]),
            Seccomp(defaultAction: .allow, flags: ["SECCOMP_FILTER_FLAG_NONSENSE"]),
            Seccomp(defaultAction: .allow, syscalls: [SeccompRule(names: [""], action: .errno)]),
            Seccomp(
                defaultAction: .allow,
                syscalls: [
                    SeccompRule(
                        names: ["read"], action: .errno, args: [SeccompArgument(index: 6, value: 0, op: .equal)])
                ]),
        ])
    func refusals(_ profile: Seccomp) {
        #expect(throws: RuntimeError.self) { try SeccompProgram(profile) }
    }
}
