internal import CSeccomp
internal import LinuxKernel
internal import RuntimeSpec

extension SeccompProgram {
    /// What `linux.seccomp` says, as a program: config-linux.md, "Seccomp". It is made before the container's process
    /// has given up anything, and loaded last.
    init(_ seccomp: Seccomp) throws(RuntimeError) {
        let filter = try SeccompFilter(seccomp)
        for rule in seccomp.syscalls ?? [] { try filter.add(rule) }
        self.init(
            instructions: try UnknownCalls.stub(for: seccomp) + filter.export(),
            flags: try SeccompWords.flags(seccomp))
    }
}

/// A filter of libseccomp's under way: seccomp_init(3).
@safe final class SeccompFilter {
    private let context: scmp_filter_ctx
    private let defaultAction: UInt32

    init(_ seccomp: Seccomp) throws(RuntimeError) {
        defaultAction = SeccompWords.action(seccomp.defaultAction, seccomp.defaultErrnoRet)
        guard let context = unsafe seccomp_init(defaultAction) else {
            throw RuntimeError(.notSupported, "linux.seccomp.defaultAction: this kernel does not have it")
        }
        unsafe self.context = context
        for name in seccomp.architectures ?? [] { try add(architecture: name) }
        // Many rules are found faster in a binary tree: every system call of the container pays for the search.
        if (seccomp.syscalls?.count ?? 0) > 32 { _ = unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) }
    }

    deinit { unsafe seccomp_release(context) }

    private func add(architecture name: String) throws(RuntimeError) {
        let answer = unsafe seccomp_arch_add(context, try SeccompWords.architecture(name))
        // The machine's own is there already.
        guard answer == 0 || answer == -Self.exists else {
            throw Self.failure("linux.seccomp.architectures: cannot add \(name)", answer)
        }
    }

    /// A call that no architecture knows is left out: profiles name calls that are newer than this libseccomp.
    func add(_ rule: SeccompRule) throws(RuntimeError) {
        let action = SeccompWords.action(rule.action, rule.errnoRet)
        // libseccomp refuses a rule that changes nothing.
        if action == defaultAction { return }
        let conditions = (rule.args ?? []).map(Self.condition)
        for name in rule.names {
            guard !name.isEmpty else {
                throw RuntimeError(.invalidConfiguration, "linux.seccomp.syscalls: an empty name is no system call")
            }
            let number = unsafe seccomp_syscall_resolve_name(name)
            if number == -1 { continue }
            try add(name, number, action, conditions)
        }
    }

    /// libseccomp takes one condition an argument. Where there are more, each makes a rule of its own, so that any of
    /// them suffices: profiles were written against that.
    private func add(_ name: String, _ number: CInt, _ action: UInt32, _ conditions: [scmp_arg_cmp])
        throws(RuntimeError)
    {
        let indices = Set(conditions.map(\.arg))
        let alternatives = indices.count < conditions.count ? conditions.map { [$0] } : [conditions]
        for conditions in alternatives {
            let answer = unsafe seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions)
            guard answer == 0 else {
                throw Self.failure("linux.seccomp.syscalls: cannot add a rule for \(name)", answer)
            }
        }
    }

    private static func condition(_ argument: SeccompArgument) -> scmp_arg_cmp {
        scmp_arg_cmp(
            arg: argument.index, op: SeccompWords.comparison(argument.op), datum_a: argument.value,
            datum_b: argument.valueTwo ?? 0)
    }

    func export() throws(RuntimeError) -> [UInt64] {
        do {
            let file = try makeMemoryFile(named: "seccomp")
            let answer = unsafe seccomp_export_bpf(context, file.number)
            guard answer == 0 else { throw SystemError(Errno(rawValue: -answer), "export") }
            return Self.instructions(try file.descriptor.read(upTo: 4096 * 8, at: 0)[...])
        } catch let error as SystemError {
            throw RuntimeError(.system, "cannot make the seccomp filter: \(error)")
        } catch {
            throw RuntimeError(.system, "cannot make the seccomp filter")
        }
    }

    /// Eight bytes each, as `struct sock_filter` lies in memory.
    static func instructions(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
        stride(from: bytes.startIndex, to: bytes.endIndex - 7, by: 8).map { start in
            bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private static let exists: CInt = 17  // EEXIST

    private static func failure(_ message: String, _ answer: CInt) -> RuntimeError {
        RuntimeError(.invalidConfiguration, "\(message): \(Errno(rawValue: -answer))")
    }
}
