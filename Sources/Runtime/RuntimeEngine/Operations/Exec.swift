internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

extension RuntimeRoot {
    /// Runs another process in a container. Returns its exit code as ``run(_:_:)`` does.
    public func exec(_ id: String, _ options: ExecOptions) throws(RuntimeError) -> Int32 {
        try OwnExecutable.requireProtection(telling: log)
        let container = try FoundContainer(id, in: self)
        if container.status == .paused, !options.ignorePaused {
            throw RuntimeError(
                .wrongState, "cannot exec in a paused container: resume \"\(id)\", or use --ignore-paused")
        }
        try container.require([.created, .running, .paused], to: "exec in")
        let joining = try JoiningProcess(container, options, log: log)
        if !options.detach { try performing("cannot adopt processes", ThisProcess.becomeSubreaper) }
        let (process, terminal) = try joining.make()
        do throws(RuntimeError) {
            return try joining.startAndWait(process, terminal)
        } catch {
            try? process.handle.signal(Signal.kill)
            throw error
        }
    }
}

/// A process of `exec`, from its description to its end.
final class JoiningProcess {
    private let container: FoundContainer
    private let options: ExecOptions
    private let handed: HandedDescriptors
    private let plan: SetupPlan
    private let filter: SeccompProgram?
    private let agent: SeccompAgent?
    private let log: RuntimeLog

    init(_ container: FoundContainer, _ options: ExecOptions, log: RuntimeLog) throws(RuntimeError) {
        self.container = container
        self.log = log
        self.options = options
        handed = try HandedDescriptors(preserved: options.preservedDescriptors)
        let configuration = try container.directory.configuration()
        let process = try ExecProcess.describe(options.source, configuration)
        try TerminalRules.check(
            wanted: process.terminal ?? false, detach: options.detach, consoleSocket: options.consoleSocket)
        do {
            plan = try SetupPlan(
                joining: configuration.linux, process, keyring: container.keyring, listenDescriptors: handed.listening,
                capabilities: ThisProcess.permittedCapabilities)
        } catch { throw RuntimeError(error) }
        try SecurityModules.check(plan)
        agent = SeccompAgent(configuration.linux?.seccomp)
        if let seccomp = configuration.linux?.seccomp {
            filter = try SeccompCache(root: container.directory.path + "/..").program(seccomp)
        } else {
            filter = nil
        }
    }

    /// The process, waiting, and its terminal's master.
    func make() throws(RuntimeError) -> (BornProcess, Descriptor?) {
        guard let target = try firstProcess() else {
            throw RuntimeError(.wrongState, "container \"\(container.stored.id)\" has stopped")
        }
        defer { target.close() }
        let kinds = container.stored.namespaceKinds
        let entry = try cgroupEntry()
        let birth = ProcessBirth(
            plan: plan, created: [], joined: kinds.isEmpty ? [] : [(target, kinds)], timeOffsets: "",
            cgroup: entry,
            entry: ProcessEntry(cgroupTasks: entry.tasks, hasMappedUsers: kinds.contains(.user)))
        let files = try ProcessFilesystem.make(for: plan, joinsProcesses: true)
        let root = kinds.contains(.mount) ? nil : try rootDirectory()
        try plan.outside.prepareToJoin()
        let process = try birth.make { channel in
            SetupSurroundings(
                channel: channel, rootDirectory: root, processFilesystem: files, filter: filter, wait: .message,
                preservedDescriptors: handed.count, log: log)
        }
        do throws(RuntimeError) {
            if kinds.contains(.user) { try process.channel.send(.proceed) }
            try ResourceControl.add(process.pid, to: container.stored.resourceControl)
            let terminal = try converse(process)
            try plan.outside.apply(to: process.pid)
            try publish(process)
            return (process, terminal)
        } catch {
            try? process.handle.signal(Signal.kill)
            _ = try? process.handle.wait()
            throw error
        }
    }

    /// A pidfd of the container's first process.
    private func firstProcess() throws(RuntimeError) -> Descriptor? {
        do {
            guard let handle = try container.process?.handle() else { return nil }
            return try handle.descriptor.descriptor.duplicate().release()
        } catch { throw RuntimeError("cannot find the container's process", error) }
    }

    /// Where the container shares the host's mounts: only its processes know its root.
    private func rootDirectory() throws(RuntimeError) -> Descriptor {
        try performing("cannot open the container's root") { () throws(SystemError) in
            let path = "/proc/\(container.process?.pid ?? 0)/root"
            return try Descriptor.workingDirectory.open(path, [.path, .directory]).release()
        }
    }

    private func cgroupEntry() throws(RuntimeError) -> CgroupEntry {
        let places = try ExecCgroups.places(options.cgroups)
        let first = container.process?.pid
        do { return try container.cgroups.entry(below: places, besides: first) } catch {
            // In runc's words; 0 is what a process that enters a cgroup itself writes.
            let cause = RuntimeError(error)
            throw RuntimeError(cause.kind, "error adding pid 0 to cgroups: \(cause.message)")
        }
    }

    private func converse(_ process: BornProcess) throws(RuntimeError) -> Descriptor? {
        var terminal: Descriptor?
        while true {
            switch try process.channel.next() {
            case .terminal(let master)?: terminal = try handOver(master)
            case .listening(let number)?: try agent?.hand(number, of: process, state: container.state(.running))
            case .limits?:
                try plan.outside.applyLimits(to: process.pid)
                try process.channel.send(.proceed)
            case .ready?: return terminal
            case let other?: throw RuntimeError(.system, "did not expect \(other.name) of the process")
            case nil: throw RuntimeError(.system, "the process was killed before it was ready")
            }
        }
    }

    private func handOver(_ master: Descriptor) throws(RuntimeError) -> Descriptor? {
        guard let path = options.consoleSocket else { return master }
        try DescriptorSocket(connecting: path, flag: "--console-socket").hand(master, named: "/dev/ptmx")
        master.close()
        return nil
    }

    private func publish(_ process: BornProcess) throws(RuntimeError) {
        if let path = options.pidfdSocket {
            try DescriptorSocket(connecting: path, flag: "--pidfd-socket")
                .hand(process.handle.descriptor.descriptor, named: "pidfd")
        }
        try PIDFile.write(process.pid, options.pidFile)
    }

    func startAndWait(_ process: BornProcess, _ terminal: Descriptor?) throws(RuntimeError) -> Int32 {
        if options.detach {
            try process.begin()
            return 0
        }
        let session = try ForegroundSession(process, terminal: terminal)
        do throws(RuntimeError) { try process.begin() } catch {
            session.giveUp()
            throw error
        }
        return try session.wait().shellCode
    }
}
