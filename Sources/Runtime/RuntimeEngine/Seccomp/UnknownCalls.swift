internal import CSeccomp
internal import RuntimeSpec

/// A program before the filter that answers ENOSYS to calls newer than any that the profile names.
///
/// A C library tries a new call and takes the old one when it hears ENOSYS. A profile that is older than the call would
/// let it hear EPERM instead, and the program fails: the fault of profiles that deny by default.
enum UnknownCalls {
    private enum Opcode {
        static let load: UInt64 = 0x20  // BPF_LD | BPF_W | BPF_ABS
        static let jumpIfEqual: UInt64 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
        static let jumpIfGreater: UInt64 = 0x25  // BPF_JMP | BPF_JGT | BPF_K
        static let jumpIfBits: UInt64 = 0x45  // BPF_JMP | BPF_JSET | BPF_K
        static let jump: UInt64 = 0x05  // BPF_JMP | BPF_JA
        static let answer: UInt64 = 0x06  // BPF_RET | BPF_K
    }

    private static let noSuchCall: UInt32 = 0x0005_0000 | 38  // SECCOMP_RET_ERRNO, ENOSYS
    private static let x32Bit: UInt32 = 0x4000_0000
    private static let x32: UInt32 = 0x4000_003e  // SCMP_ARCH_X32: not the kernel's, which is that of x86-64
    private static let x86: UInt32 = 0xc000_003e  // AUDIT_ARCH_X86_64

    static func stub(for seccomp: Seccomp) throws(RuntimeError) -> [UInt64] {
        switch seccomp.defaultAction {
        case .allow, .log: return []
        default: if seccomp.defaultErrnoRet == 38 { return [] }
        }
        let last = try lastCalls(seccomp)
        var program: [UInt64] = []
        // From the last part to the first: each needs to know how much follows it.
        for (architecture, number) in last.sorted(by: { $0.key > $1.key }) where architecture != x32 {
            let part = part(
                last: number, lastX32: architecture == x86 ? last[x32] : nil, behind: program.count,
                hasX32: architecture == x86)
            program = [instruction(Opcode.jumpIfEqual, architecture, no: part.count)] + part + program
        }
        return program.isEmpty ? [] : [instruction(Opcode.load, 4)] + program
    }

    /// For one architecture; `behind` is the length of the parts that follow, over which it jumps to the filter.
    private static func part(last: UInt32, lastX32: UInt32?, behind: Int, hasX32: Bool) -> [UInt64] {
        guard hasX32 else {
            return [
                instruction(Opcode.load, 0), instruction(Opcode.jumpIfGreater, last, yes: 1),
                instruction(Opcode.jump, UInt32(behind + 1)), instruction(Opcode.answer, noSuchCall),
            ]
        }
        let x32Test = lastX32.map { instruction(Opcode.jumpIfGreater, $0, yes: 1) } ?? instruction(Opcode.jump, 0)
        return [
            instruction(Opcode.load, 0), instruction(Opcode.jumpIfBits, x32Bit, yes: 2),
            instruction(Opcode.jumpIfGreater, last, yes: 3), instruction(Opcode.jump, UInt32(behind + 3)),
            x32Test, instruction(Opcode.jump, UInt32(behind + 1)), instruction(Opcode.answer, noSuchCall),
        ]
    }

    private static func instruction(_ opcode: UInt64, _ constant: UInt32, yes: Int = 0, no: Int = 0) -> UInt64 {
        opcode | UInt64(yes) << 16 | UInt64(no) << 24 | UInt64(constant) << 32
    }

    /// The highest number that the profile names, by architecture.
    private static func lastCalls(_ seccomp: Seccomp) throws(RuntimeError) -> [UInt32: UInt32] {
        var architectures: Set<UInt32> = [seccomp_arch_native()]
        for name in seccomp.architectures ?? [] { architectures.insert(try SeccompWords.architecture(name)) }
        let names = Set((seccomp.syscalls ?? []).flatMap(\.names))
        var last: [UInt32: UInt32] = [:]
        for architecture in architectures {
            let numbers = names.map { unsafe seccomp_syscall_resolve_name_arch(architecture, $0) }
            if let highest = numbers.max(), highest > 0 { last[architecture] = UInt32(highest) }
        }
        return last
    }
}
