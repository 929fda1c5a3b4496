internal import CSeccomp
internal import LinuxKernel
internal import RuntimeSpec

/// The specification's words of config-linux.md, "Seccomp", as libseccomp's numbers.
enum SeccompWords {
    /// `SCMP_ARCH_X86_64` as libseccomp's token.
    static func architecture(_ name: String) throws(RuntimeError) -> UInt32 {
        let prefix = "SCMP_ARCH_"
        let token =
            name.hasPrefix(prefix) ? unsafe seccomp_arch_resolve_name(name.dropFirst(prefix.count).lowercased()) : 0
        guard token != 0 else {
            throw RuntimeError(.invalidConfiguration, "linux.seccomp.architectures: \"\(name)\" is no architecture")
        }
        return token
    }

    /// The action's number with what it returns in its lower half: EPERM unless told.
    static func action(_ action: SeccompAction, _ errnoRet: UInt32?) -> UInt32 {
        let data = (errnoRet ?? 1) & 0xffff
        switch action {
        case .kill, .killThread: return 0
        case .killProcess: return 0x8000_0000
        case .trap: return 0x0003_0000
        case .errno: return 0x0005_0000 | data
        case .trace: return 0x7ff0_0000 | data
        case .log: return 0x7ffc_0000
        case .allow: return 0x7fff_0000
        case .notify: return 0x7fc0_0000
        }
    }

    static func comparison(_ operation: SeccompOperator) -> scmp_compare {
        switch operation {
        case .notEqual: SCMP_CMP_NE
        case .less: SCMP_CMP_LT
        case .lessOrEqual: SCMP_CMP_LE
        case .equal: SCMP_CMP_EQ
        case .greaterOrEqual: SCMP_CMP_GE
        case .greater: SCMP_CMP_GT
        case .maskedEqual: SCMP_CMP_MASKED_EQ
        }
    }

    static let flags: [(name: String, flag: SeccompProgram.Flags)] = [
        // Meant for a process with threads. Ours has one, and only that one executes the container's program.
        ("SECCOMP_FILTER_FLAG_TSYNC", []),
        ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", .speculationAllowed),
        ("SECCOMP_FILTER_FLAG_LOG", .log),
        ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", .waitKillable),
    ]

    /// None named at all means that speculation mitigations stay off, as before flags could be named.
    static func flags(_ seccomp: Seccomp) throws(RuntimeError) -> SeccompProgram.Flags {
        var result: SeccompProgram.Flags = seccomp.notifies ? .newListener : []
        guard let names = seccomp.flags else { return result.union(.speculationAllowed) }
        for name in names {
            guard let known = flags.first(where: { $0.name == name }) else {
                throw RuntimeError(.invalidConfiguration, "seccomp flag \(name) is not known")
            }
            guard known.flag.isEmpty || known.flag.areKnown else {
                throw RuntimeError(.notSupported, "seccomp flag \(name) is not supported by this kernel")
            }
            result.formUnion(known.flag)
        }
        return result
    }
}
