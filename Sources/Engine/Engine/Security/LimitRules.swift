internal import LineProtocol
internal import RuntimeSpec

/// docker's rules for `--ulimit`. Pure.
enum LimitRules {
    /// getrlimit(2), without `RLIMIT_` and in small letters.
    static let names: Set<String> = [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio",
        "rttime", "sigpending", "stack",
    ]

    static func limits(_ wanted: [ProcessLimit]) throws(ProtocolFailure) -> [ResourceLimit] {
        var limits: [ResourceLimit] = []
        for limit in wanted {
            let made = try resourceLimit(limit)
            limits.removeAll { $0.type == made.type }
            limits.append(made)
        }
        return limits
    }

    private static func resourceLimit(_ limit: ProcessLimit) throws(ProtocolFailure) -> ResourceLimit {
        guard names.contains(limit.name) else {
            throw ProtocolFailure(.invalidArgument, "--ulimit: invalid ulimit type: \(limit.name)")
        }
        guard limit.soft >= -1, limit.hard >= -1 else {
            throw ProtocolFailure(.invalidArgument, "--ulimit \(limit.name): a limit is -1, which is none, or more")
        }
        // -1 is the greatest number there is.
        let (soft, hard) = (UInt64(bitPattern: limit.soft), UInt64(bitPattern: limit.hard))
        guard soft <= hard else {
            throw ProtocolFailure(
                .invalidArgument,
                "--ulimit \(limit.name): ulimit soft limit must be less than or equal to hard limit: "
                    + "\(limit.soft) > \(limit.hard)")
        }
        return ResourceLimit(type: "RLIMIT_" + limit.name.uppercased(), hard: hard, soft: soft)
    }
}
