internal import LineProtocol
internal import RuntimeSpec

/// What docker's rules make of a container's security options. Pure.
struct SecurityPolicy: Sendable, Hashable {
    let capabilities: [String]
    let options: SecurityOptions
    let isPrivileged: Bool

    init(_ security: ContainerSecurity, _ machine: Machine) throws(ProtocolFailure) {
        capabilities = try CapabilityRules(machine).capabilities(security)
        options = try SecurityOptions(security.options, machine)
        isPrivileged = security.privileged
    }

    /// Nil: every system call. A privileged container has a filter only when one was named.
    func filter(on machine: Machine) -> Seccomp? {
        let standard = SecurityOptions.SystemCallFilter.builtin
        switch options.filter ?? (isPrivileged ? .unconfined : standard) {
        case .unconfined: return nil
        case .builtin: return SeccompProfile.standard.resolved(capabilities: Set(capabilities), machine: machine)
        case .profile(let profile): return profile.resolved(capabilities: Set(capabilities), machine: machine)
        }
    }

    var hasWritableCgroups: Bool { options.writableCgroups ?? isPrivileged }

    private var masksPaths: Bool { !isPrivileged && !options.unmasksSystemPaths }

    func maskedPaths(on machine: Machine) -> [String] {
        masksPaths ? Self.masked + machine.thermalThrottles : []
    }

    var readOnlyPaths: [String] { masksPaths ? Self.readOnly : [] }

    private static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ]
    private static let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}
