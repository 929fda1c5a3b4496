public import LinuxKernel
internal import RuntimeSpec

/// `process.rlimits`: config.md, "POSIX process".
extension ProcessLimit {
    /// `RLIMIT_NOFILE` and so on.
    public var name: String {
        LimitPlanning.names.indices.contains(Int(resource)) ? LimitPlanning.names[Int(resource)] : "\(resource)"
    }
}

enum LimitPlanning {
    /// By their numbers in setrlimit(2).
    static let names = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]

    static func limits(_ limits: [ResourceLimit], _ refusals: inout Refusals) -> [ProcessLimit] {
        var seen: Set<String> = []
        return limits.enumerated().compactMap { index, limit in
            let member = "process.rlimits[\(index)]"
            guard let number = names.firstIndex(of: limit.type) else {
                refusals.invalid("\(member).type", "there is no limit \"\(limit.type)\"")
                return nil
            }
            if !seen.insert(limit.type).inserted { refusals.invalid(member, "a second \(limit.type)") }
            if limit.soft > limit.hard {
                refusals.invalid(member, "the soft limit \(limit.soft) is above the hard limit \(limit.hard)")
            }
            return ProcessLimit(resource: Int32(number), soft: limit.soft, hard: limit.hard)
        }
    }
}
