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
        if let scheduling {
            try performing("process.scheduler") { () throws(SystemError) in try scheduling.apply(to: process) }
        }
        if let ioPriority {
            try performing("process.ioPriority") { () throws(SystemError) in
                try ThisProcess.setIOPriority(
                    of: process, class: ioPriority.classNumber, level: ioPriority.level)
            }
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
