internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// What `create` and `run` have in common, second part: state, cgroups, the process, and the handshake with it.
final class ContainerMaking {
    private let order: ContainerOrder
    private let directory: StateDirectory
    private let manager: any CgroupManager
    private let manner: StartManner
    private let created = Timestamp.now
    private var process: BornProcess?
    private var terminal: Descriptor?
    /// User namespaces that map owners, by position in `mounts`.
    private var idMaps: [Int: Descriptor] = [:]
    /// Before they are ours they may be those of others, who are not to be killed.
    private var hasCgroups = false
    private var plan: SetupPlan { order.plan }
    private var configuration: RuntimeConfiguration { order.configuration }

    init(
        _ order: ContainerOrder, _ directory: StateDirectory, _ manager: any CgroupManager, _ manner: StartManner
    ) {
        (self.order, self.directory, self.manager, self.manner) = (order, directory, manager, manner)
    }

    func make() throws(RuntimeError) -> CreatedContainer {
        try order.keepState(manager, in: directory, created: created)
        hasCgroups = true
        let process = try bear()
        try IDMaps.write(plan.namespaces, of: process.pid)
        if plan.namespaces.has(.user) { try process.channel.send(.proceed) }
        if !plan.waitsForRuntime && !limitsComeFirst { try applyResources() }
        if let wanted = plan.resourceControl, let group = order.resourceControl {
            try ResourceControl.apply(wanted, group, to: process.pid)
        }
        try converse(process)
        for descriptor in Set(idMaps.values) { descriptor.close() }
        try plan.outside.apply(to: process.pid)
        try publish(process)
        return CreatedContainer(
            directory: directory, process: process, manager: manager, state: state(.created),
            resourceControl: order.resourceControl, hooks: configuration.hooks, terminal: terminal)
    }

    /// Takes away what was made; what cannot be is left for `delete --force`.
    func undo() {
        if let process {
            try? process.handle.signal(Signal.kill)
            _ = try? process.handle.wait()
        }
        do throws(CgroupError) {
            if hasCgroups {
                try manager.killRemains()
                try manager.destroy()
            }
        } catch { return }
        guard (try? ResourceControl.remove(order.resourceControl)) != nil else { return }
        try? directory.remove()
    }

    // MARK: The process

    private func bear() throws(RuntimeError) -> BornProcess {
        if let process = try bearBeforeCgroups() { return process }
        return try bearInCgroups()
    }

    /// The process makes most of its namespaces while we make its cgroups: both take a good part of a start. Nil where
    /// it must be born into them.
    private func bearBeforeCgroups() throws(RuntimeError) -> BornProcess? {
        let namespaces = plan.namespaces
        guard namespaces.joined.isEmpty, namespaces.created.isDisjoint(with: [.user, .time]),
            let birthplace = try withCgroups(manager.createBirthplace)
        else { return nil }
        let process = try bear(into: birthplace, isEarly: true)
        try makeCgroups()
        let entry = try withCgroups { () throws(CgroupError) in try manager.entry() }
        try process.channel.send(cgroups: entry.tasks)
        return process
    }

    private func bearInCgroups() throws(RuntimeError) -> BornProcess {
        try makeCgroups()
        return try bear(into: try withCgroups { () throws(CgroupError) in try manager.entry() }, isEarly: false)
    }

    private func makeCgroups() throws(RuntimeError) {
        try order.makeCgroups(manager, in: directory, created: created)
        if limitsComeFirst { try applyResources() }
    }

    /// Devices are made and opened before or after limits. Otherwise a limit of one process comes after the first.
    private var limitsComeFirst: Bool {
        !plan.waitsForRuntime && manager.interruptsDevices && plan.usesDevices
    }

    private func bear(into entry: CgroupEntry, isEarly: Bool) throws(RuntimeError) -> BornProcess {
        let namespaces = plan.namespaces
        let birth = ProcessBirth(
            plan: plan, created: namespaces.created, joined: try JoinedNamespaces.open(namespaces, plan),
            timeOffsets: namespaces.timeOffsets, cgroup: entry,
            entry: ProcessEntry(
                cgroupTasks: entry.tasks, hasMappedUsers: namespaces.has(.user),
                awaitsIDMaps: namespaces.created.contains(.user) && ThisProcess.effectiveUser != 0,
                makesCgroupNamespace: namespaces.created.contains(.cgroup),
                ownNamespaces: isEarly ? namespaces.created.intersection([.mount, .uts, .ipc, .network]) : [],
                awaitsCgroups: isEarly))
        let wait = try startSignal()
        idMaps = try MountIDMaps.open(plan)
        let files = try ProcessFilesystem.make(
            for: plan, joinsProcesses: namespaces.joined.contains { $0.kind.contains(.pid) })
        let process = try birth.make { channel in
            SetupSurroundings(
                channel: channel, rootDirectory: order.rootfs.descriptor, rootPath: order.rootfs.path, idMaps: idMaps,
                cgroupSources: CgroupSources.list(plan, manager), processFilesystem: files, filter: order.filter,
                hooks: configuration.hooks, state: state(.creating), wait: wait,
                preservedDescriptors: order.handed.count, log: order.root.log)
        }
        // The copy in the process keeps what is needed; here it would keep a mount busy.
        order.rootfs.descriptor.close()
        self.process = process
        return process
    }

    /// What a process in a user namespace may not open itself.
    private func open(_ wanted: WantedMount, for process: BornProcess) throws(RuntimeError) {
        let own = try MountIDMaps.open(plan, ofContainer: process.pid)
        defer { for descriptor in Set(own.values) { descriptor.close() } }
        let mount = try PrivilegedMounts(
            plan: plan, rootPath: order.rootfs.path, process: process,
            idMaps: idMaps.merging(own) { mine, _ in mine }
        ).open(wanted)
        defer { mount.close() }
        try process.channel.send(.mount, passing: [mount])
    }

    private func startSignal() throws(RuntimeError) -> StartSignal {
        guard manner == .laterCall else { return .message }
        return try performing("cannot make the pipe that starts the container") { () throws(SystemError) in
            try directory.descriptor.makeFIFO(StateFile.fifo, mode: 0o600)
            // Open on both ends: neither this nor the later reading waits for a writer before there is a byte.
            return .pipe(try directory.descriptor.open(StateFile.fifo, [.readWrite, .noFollow]).release())
        }
    }

    /// Until it is ready.
    private func converse(_ process: BornProcess) throws(RuntimeError) {
        while true {
            let message = try process.channel.next()
            if message == .mounted { try applyResources() }
            // It has been heard of: it is in its cgroups.
            manager.settle()
            switch message {
            case .needsMount(let wanted)?: try open(wanted, for: process)
            case .mounted?:
                try NetworkDevices.move(plan.networkDevices, to: process.pid)
                try runHooks()
                try process.channel.send(.proceed)
            case .limits?:
                try plan.outside.applyLimits(to: process.pid)
                try process.channel.send(.proceed)
            case .terminal(let master)?: try take(terminal: master)
            case .listening(let number)?:
                try SeccompAgent(configuration.linux?.seccomp)?.hand(number, of: process, state: state(.creating))
            case .ready?: return
            case let other?:
                throw RuntimeError(.system, "did not expect \(other.name) of the container's process")
            case nil:
                throw RuntimeError(.system, "the container's process was killed before it was ready")
            }
        }
    }

    private func take(terminal master: Descriptor) throws(RuntimeError) {
        guard let path = order.options.consoleSocket else {
            terminal = master
            return
        }
        try DescriptorSocket(connecting: path, flag: "--console-socket").hand(master, named: "/dev/ptmx")
        master.close()
    }

    /// Where the container makes devices that its own rules may forbid, after that; else while the process is busy.
    private func applyResources() throws(RuntimeError) {
        guard let resources = configuration.linux?.resources else { return }
        let devices: DeviceLimits =
            plan.namespaces.has(.user) && !ThisProcess.mayRestrictDevices ? .untouched : .enforced
        let warnings = try withCgroups { () throws(CgroupError) in try manager.apply(resources, devices: devices) }
        for warning in warnings { order.root.log.warn(warning) }
    }

    private func runHooks() throws(RuntimeError) {
        let runner = HookRunner(state: state(.creating), in: order.bundle.path)
        try runner.run(configuration.hooks?.prestart, "prestart")
        try runner.run(configuration.hooks?.createRuntime, "createRuntime")
    }

    // MARK: State

    /// From here on other calls see the container as created.
    private func publish(_ process: BornProcess) throws(RuntimeError) {
        if let path = order.options.pidfdSocket {
            try DescriptorSocket(connecting: path, flag: "--pidfd-socket")
                .hand(process.handle.descriptor.descriptor, named: "pidfd")
        }
        try PIDFile.write(process.pid, order.options.pidFile)
        guard let first = FirstProcess.running(process.pid) else {
            throw RuntimeError(.system, "the container's process was killed before it was ready")
        }
        try directory.add(first)
        order.root.log.debug("created: process \(process.pid)")
    }

    private func state(_ status: ContainerStatus) -> State {
        State(
            ociVersion: configuration.ociVersion, id: order.id, status: status, pid: process?.pid,
            bundle: order.bundle.path, annotations: configuration.annotations)
    }
}
