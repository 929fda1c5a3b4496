internal import LinuxKernel
internal import SetupPlan

/// The container's side of clone3(2): what happens before the plan's steps.
enum ContainerProcess {
    /// Never returns: becomes the program, or tells why not and ends.
    static func run(_ plan: SetupPlan, _ surroundings: SetupSurroundings, entry: ProcessEntry) -> Never {
        do throws(RuntimeError) {
            // "child process in init()" is what readers of runc's log look for.
            surroundings.log.debug("child process in init(): \(plan.steps.count) steps")
            try prepare(entry, surroundings.channel)
            var surroundings = surroundings
            surroundings.isOfOrdinaryUser = entry.awaitsIDMaps
            if plan.needsProcessFilesystem, surroundings.processFilesystem == nil {
                surroundings.processFilesystem = try performing("procfs", ProcessFilesystem.init)
            }
            let interpreter = SetupInterpreter(plan, surroundings, root: try root(surroundings))
            if entry.awaitsCgroups {
                try interpreter.runBeforeCgroups()
                try surroundings.channel.expectCgroups()
            }
            try makeCgroupNamespace(entry)
            try interpreter.run()
        } catch {
            report(error, surroundings)
            ThisProcess.leave(1)
        }
    }

    private static func prepare(_ entry: ProcessEntry, _ channel: ContainerEnd) throws(RuntimeError) {
        try performing("cannot protect the process") { () throws(SystemError) in
            // Processes that are in these namespaces already may neither trace us nor open our files (fd-leak-exec).
            // A maker without privileges must own our uid_map until it is written.
            if !entry.awaitsIDMaps { try ThisProcess.setDumpable(false) }
            try ThisProcess.closeOnExecution(from: 3)
        }
        if !entry.ownNamespaces.isEmpty {
            try performing("cannot make namespaces") { () throws(SystemError) in
                try ThisProcess.unshare(entry.ownNamespaces)
            }
        }
        try entry.joinCgroups()
        if entry.hasMappedUsers {
            channel.expect(.proceed)
            try performing("cannot protect the process") { () throws(SystemError) in
                try ThisProcess.setDumpable(false)
            }
            try performing("cannot become root of the user namespace") { () throws(SystemError) in
                try ThisProcess.setGroup(0)
                try ThisProcess.setUser(0)
            }
        }
        try performing("cannot end with the runtime") { () throws(SystemError) in
            try ThisProcess.setParentDeathSignal(Signal.kill)
        }
        // A runtime that had ended by then sends no signal any more.
        if channel.isAbandoned { ThisProcess.leave(1) }
    }

    /// Its root is the cgroup that the process is in by now.
    private static func makeCgroupNamespace(_ entry: ProcessEntry) throws(RuntimeError) {
        guard entry.makesCgroupNamespace else { return }
        try performing("cannot make a cgroup namespace") { () throws(SystemError) in
            try ThisProcess.unshare(.cgroup)
        }
    }

    /// A process that joined has the container's root already.
    private static func root(_ surroundings: SetupSurroundings) throws(RuntimeError) -> Descriptor {
        if let directory = surroundings.rootDirectory { return directory }
        return try performing("cannot open the container's root") { () throws(SystemError) in
            try Descriptor.workingDirectory.open("/", [.path, .directory]).release()
        }
    }

    private static func report(_ error: RuntimeError, _ surroundings: SetupSurroundings) {
        if case .pipe(let pipe) = surroundings.wait { try? pipe.writeAll(error.line) }
        surroundings.channel.send(.failed(surroundings.state == nil ? error : told(error)))
    }
}

extension ContainerProcess {
    /// As runc tells what failed in a container's first process: there are programs that look for these words.
    private static func told(_ error: RuntimeError) -> RuntimeError {
        RuntimeError(error.kind, "unable to start container process: error during container init: \(error.message)")
    }
}

/// What the new process does to itself before anything else.
struct ProcessEntry {
    /// `tasks` files of cgroup v1 hierarchies, to write `0` into.
    var cgroupTasks: [Descriptor] = []
    /// In a user namespace, whose mappings may still have to be written: wait, then become its root.
    var hasMappedUsers = false
    /// The mappings are still to be written, by somebody without privileges.
    var awaitsIDMaps = false
    var makesCgroupNamespace = false
    /// Those that the process makes itself, while the runtime makes its cgroups.
    var ownNamespaces: NamespaceKinds = []
    /// They are being made: the runtime hands over the way in.
    var awaitsCgroups = false

    func joinCgroups() throws(RuntimeError) {
        for file in cgroupTasks { try CgroupTasks.join(file) }
    }
}

/// A `tasks` file of a cgroup v1 hierarchy.
enum CgroupTasks {
    /// Moves the process that calls this, which has one thread only.
    static func join(_ file: Descriptor) throws(RuntimeError) {
        try performing("cannot enter the container's cgroup") { () throws(SystemError) in try file.writeAll("0") }
    }
}
