internal import LinuxKernel
internal import SetupPlan

extension OutsidePlan {
    /// Sets on a process that waits what only its maker may set, or what would hinder it before.
    func apply(to process: Int32) throws(RuntimeError) {
        if let adjustment = oomScoreAdjustment {
            try performing("process.oomScoreAdj: cannot set \(adjustment)") { () throws(SystemError) in
                let file = try Descriptor.workingDirectory.open("/proc/\(process)/oom_score_adj", .writeOnly)
                try file.descriptor.writeAll("\(adjustment)")
            }
        }
        if let mask = processors.final {
            try performing("process.execCPUAffinity.final") { () throws(SystemError) in
                try ThisProcess.setAffinity(of: process, mask: mask)
            }
        }
        if let scheduling { try apply(scheduling, to: process) }
        if let ioPriority {
            try performing("process.ioPriority") { () throws(SystemError) in
                try ThisProcess.setIOPriority(
                    of: process, class: ioPriority.classNumber, level: ioPriority.level)
            }
        }
    }

    private func apply(_ policy: SchedulingPolicy, to process: Int32) throws(RuntimeError) {
        do { try policy.apply(to: process) } catch {
            guard error.errno == .notPermitted, processors.isLimited else {
                throw RuntimeError("process.scheduler", error)
            }
            // SCHED_DEADLINE wants all processors: sched_setattr(2).
            throw RuntimeError(
                .permissionDenied,
                "process.scheduler: process scheduler can't be used together with AllowedCPUs (linux.resources.cpu.cpus)"
            )
        }
    }

    /// Where the process that joins is to begin, it has from us: on cgroup v1 its cpuset may then move it.
    func prepareToJoin() throws(RuntimeError) {
        guard let mask = processors.initial else { return }
        try performing("process.execCPUAffinity.initial") { () throws(SystemError) in
            try ThisProcess.setAffinity(of: 0, mask: mask)
        }
    }

    /// For a process in a user namespace: only the initial one may raise a limit.
    func applyLimits(to process: Int32) throws(RuntimeError) {
        for limit in limits {
            try performing("process.rlimits: \(limit.name) \(limit.soft):\(limit.hard)") { () throws(SystemError) in
                try limit.apply(to: process)
            }
        }
    }
}
