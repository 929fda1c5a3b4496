/// Writes a ``DevicePolicy`` as a program of type `BPF_PROG_TYPE_CGROUP_DEVICE`. It is given a
/// `struct bpf_cgroup_dev_ctx` (access and kind, major, minor) and answers 1 to allow.
struct DeviceFilter {
    /// Each the eight bytes of a `struct bpf_insn`: opcode, registers, offset, constant.
    private(set) var instructions: [UInt64] = []

    private enum Register: UInt64 {
        case answer = 0
        case context = 1
        case kind = 2
        case access = 3
        case major = 4
        case minor = 5
    }

    // The opcodes of linux/bpf.h and linux/bpf_common.h.
    private enum Opcode {
        static let loadWord: UInt64 = 0x61  // BPF_LDX | BPF_MEM | BPF_W
        static let andConstant: UInt64 = 0x54  // BPF_ALU | BPF_AND | BPF_K
        static let shiftRightConstant: UInt64 = 0x74  // BPF_ALU | BPF_RSH | BPF_K
        static let move: UInt64 = 0xbc  // BPF_ALU | BPF_MOV | BPF_X
        static let moveConstant: UInt64 = 0xb4  // BPF_ALU | BPF_MOV | BPF_K
        static let jumpUnlessEqual: UInt64 = 0x5e  // BPF_JMP32 | BPF_JNE | BPF_X
        static let jumpUnlessConstant: UInt64 = 0x56  // BPF_JMP32 | BPF_JNE | BPF_K
        static let exit: UInt64 = 0x95  // BPF_JMP | BPF_EXIT
    }

    init(_ policy: DevicePolicy) {
        load(.kind, at: 0)
        emit(Opcode.andConstant, .kind, constant: 0xffff)
        load(.access, at: 0)
        emit(Opcode.shiftRightConstant, .access, constant: 16)
        load(.major, at: 4)
        load(.minor, at: 8)
        for rule in policy.rules { append(rule) }
        answer(policy.allowsByDefault)
    }

    /// Tests one rule after the other part; the first part that does not match jumps behind the rule.
    private mutating func append(_ rule: DeviceLine) {
        guard let match = rule.match else { return }
        var jumps: [Int] = []
        // BPF_DEVCG_DEV_BLOCK is 1, BPF_DEVCG_DEV_CHAR is 2.
        jumps.append(emit(Opcode.jumpUnlessConstant, .kind, constant: match.kind == .block ? 1 : 2))
        if rule.access != .all { jumps.append(testAccess(rule)) }
        if let major = match.major { jumps.append(emit(Opcode.jumpUnlessConstant, .major, constant: major)) }
        if let minor = match.minor { jumps.append(emit(Opcode.jumpUnlessConstant, .minor, constant: minor)) }
        answer(rule.allow)
        for jump in jumps { instructions[jump] |= UInt64(instructions.count - jump - 1) << 16 }
    }

    /// An allowing rule matches when it names all of the access that is wanted; a denying one when it names any of it.
    private mutating func testAccess(_ rule: DeviceLine) -> Int {
        emit(Opcode.move, .context, from: .access)
        emit(Opcode.andConstant, .context, constant: UInt32(rule.access.rawValue))
        if rule.allow { return emit(Opcode.jumpUnlessEqual, .context, from: .access) }
        // `jump if zero` behind the rule: BPF_JMP32 | BPF_JEQ | BPF_K.
        return emit(0x16, .context, constant: 0)
    }

    private mutating func answer(_ allow: Bool) {
        emit(Opcode.moveConstant, .answer, constant: allow ? 1 : 0)
        emit(Opcode.exit, .answer)
    }

    private mutating func load(_ register: Register, at offset: UInt64) {
        emit(Opcode.loadWord, register, from: .context)
        instructions[instructions.count - 1] |= offset << 16
    }

    @discardableResult
    private mutating func emit(_ opcode: UInt64, _ to: Register, from: Register? = nil, constant: UInt32 = 0) -> Int {
        let registers = to.rawValue | (from?.rawValue ?? 0) << 4
        instructions.append(opcode | registers << 8 | UInt64(constant) << 32)
        return instructions.count - 1
    }
}
