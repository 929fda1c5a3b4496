internal import RuntimeSpec

/// What must hold of `linux.seccomp`: config-linux.md, "Seccomp". Whether calls and architectures exist is for
/// libseccomp to say.
struct SeccompCheck {
    let seccomp: Seccomp

    func run(_ refusals: inout Refusals) {
        checkNumber(seccomp.defaultErrnoRet, seccomp.defaultAction, "linux.seccomp.defaultErrnoRet", &refusals)
        for (index, rule) in (seccomp.syscalls ?? []).enumerated() {
            let member = "linux.seccomp.syscalls[\(index)]"
            if rule.names.isEmpty { refusals.invalid("\(member).names", "must name a system call") }
            checkNumber(rule.errnoRet, rule.action, "\(member).errnoRet", &refusals)
            for argument in rule.args ?? [] where argument.index > 5 {
                refusals.invalid("\(member).args", "index \(argument.index): a system call has six arguments")
            }
        }
        checkNotification(&refusals)
    }

    /// Only these two actions give a number to the process or its tracer.
    private func checkNumber(
        _ number: UInt32?, _ action: SeccompAction, _ member: String, _ refusals: inout Refusals
    ) {
        guard let number else { return }
        if action != .errno, action != .trace {
            refusals.invalid(member, "\(action.rawValue) has no number to return: remove it")
        }
        if number > 0xffff { refusals.invalid(member, "\(number) is more than \(0xffff)") }
    }

    private func checkNotification(_ refusals: inout Refusals) {
        let hasListener = !(seccomp.listenerPath ?? "").isEmpty
        if !hasListener, !(seccomp.listenerMetadata ?? "").isEmpty {
            refusals.invalid("linux.seccomp.listenerMetadata", "is for listenerPath, which is not there")
        }
        guard seccomp.notifies else {
            if (seccomp.flags ?? []).contains("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") {
                refusals.invalid(
                    "linux.seccomp.flags", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is for SCMP_ACT_NOTIFY only")
            }
            return
        }
        if !hasListener { refusals.invalid("linux.seccomp.listenerPath", "is missing: SCMP_ACT_NOTIFY needs it") }
        if seccomp.defaultAction == .notify {
            refusals.invalid("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be used as default action")
        }
        // The process itself tells us of the descriptor, by write(2): it would wait for an agent that is to have it first.
        if (seccomp.syscalls ?? []).contains(where: { $0.action == .notify && $0.names.contains("write") }) {
            refusals.invalid("linux.seccomp.syscalls", "SCMP_ACT_NOTIFY cannot be used for the write syscall")
        }
    }
}
