internal import Cgroups
internal import CheckpointRestore
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

extension ContainerOrder {
    /// As ``carryOut(startsBy:)``, but what is made is what was saved: the processes run when this returns.
    func restore(_ options: RestoreOptions, _ program: CriuProgram) throws(RuntimeError) -> RestoredContainer {
        let restoring = try ContainerRestoring(self, options, program)
        do throws(RuntimeError) { return try restoring.restore() } catch {
            restoring.undo()
            throw error
        }
    }
}

/// A container whose processes are what they were.
struct RestoredContainer {
    let process: HeldProcess
    /// The terminal's master, unless a console socket has it.
    let terminal: Descriptor?
}

/// State, cgroups, and the conversation with CRIU.
final class ContainerRestoring {
    private let order: ContainerOrder
    private let options: RestoreOptions
    private let program: CriuProgram
    private let images: ImageDirectories
    private let directory: StateDirectory
    private let manager: any CgroupManager
    private var process: HeldProcess?
    private var terminal: Descriptor?
    /// Before they are ours they may be those of others, who are not to be killed.
    private var hasCgroups = false
    private var plan: SetupPlan { order.plan }

    init(_ order: ContainerOrder, _ options: RestoreOptions, _ program: CriuProgram) throws(RuntimeError) {
        (self.order, self.options, self.program) = (order, options, program)
        guard order.plan.namespaces.has(.mount) else {
            throw RuntimeError(.notSupported, "linux.namespaces: without a mount namespace nothing can be restored")
        }
        images = try ImageDirectories(options.images, log: "restore.log", isMaking: false)
        manager = try order.cgroupManager()
        directory = try order.makeDirectory()
    }

    func restore() throws(RuntimeError) -> RestoredContainer {
        for warning in plan.warnings { order.root.log.warn(warning) }
        var request = try request()
        let created = Timestamp.now
        try order.keepState(manager, in: directory, created: created, additional: timeNamespace)
        hasCgroups = true
        try order.makeCgroups(manager, in: directory, created: created, additional: timeNamespace)
        let (criu, conversation) = try start(&request)
        defer { conversation.end() }
        do throws(RuntimeError) {
            try prepare(criu, &request)
            try converse(request, conversation)
            try finish(criu, conversation)
        } catch {
            conversation.end()
            _ = try? criu.handle.wait()
            throw error
        }
        guard let process else { throw RuntimeError(.system, "criu did not tell of the restored process") }
        return RestoredContainer(process: process, terminal: terminal)
    }

    /// Takes away what was made; what cannot be is left for `delete --force`.
    func undo() {
        try? process?.handle.signal(Signal.kill)
        _ = try? process?.handle.wait()
        do throws(CgroupError) {
            if hasCgroups {
                try manager.killRemains()
                try manager.destroy()
            }
        } catch { return }
        guard (try? ResourceControl.remove(order.resourceControl)) != nil else { return }
        try? directory.remove()
    }

    /// Since 3.14 CRIU restores into a time namespace, where the kernel has them.
    private var timeNamespace: NamespaceKinds {
        let isThere = (try? Descriptor.workingDirectory.exists("/proc/self/ns/time")) == true
        return isThere && program.version >= CriuVersion(3, 14) ? .time : []
    }

    // MARK: What is asked

    /// All but what only a CRIU that runs can tell.
    private func request() throws(RuntimeError) -> CriuOptions {
        var criu = images.criuOptions(order.configuration)
        criu.apply(options.images)
        criu.root = place
        criu.allowsDeviceChanges = true
        criu.restoresSibling = true
        criu.inherited = StandardStreams.inherited(try images.readStreams())
        let newest = CriuVersion(3, 16)
        if let profile = options.securityProfile {
            try withCriu { () throws(CriuError) in try program.require(newest, for: "--lsm-profile") }
            criu.securityProfile = profile
        }
        if let context = options.securityMountContext {
            try withCriu { () throws(CriuError) in try program.require(newest, for: "--lsm-mount-context") }
            criu.securityMountContext = context
        }
        criu.externalMounts = try ExternalMounts(
            plan: plan, tree: RootTree(root: order.rootfs.descriptor), cgroups: CgroupSources.mounts(plan, manager)
        ).restored()
        return criu
    }

    private var place: String { directory.path + "/criu-root" }

    // MARK: CRIU

    private func start(_ request: inout CriuOptions) throws(RuntimeError) -> (HeldProcess, CriuConversation) {
        let (joined, keys, inherited) = try ExternalNamespaces.restored(
            plan.namespaces, program, firstNumber: CriuProgram.socketNumber + 1)
        defer { for descriptor in inherited { descriptor.close() } }
        request.joinedNamespaces = joined
        request.inherited += keys
        let entry = try withCgroups { () throws(CgroupError) in try manager.entry() }
        try performing("cannot make a place for the root filesystem") { () throws(SystemError) in
            try Descriptor.workingDirectory.makeDirectory(place, mode: 0o755)
        }
        let nothing = try performing("/dev/null") { () throws(SystemError) in
            try Descriptor.workingDirectory.open("/dev/null", .readWrite)
        }
        let hasTerminal = order.configuration.process?.terminal ?? false
        let streams: [Descriptor] = [.standardInput, .standardOutput, .standardError]
        let starting = RestoringProcess(
            program: program, cgroup: entry.unified, entry: ProcessEntry(cgroupTasks: entry.tasks),
            scaffold: RestoreScaffold(plan: plan, rootPath: order.rootfs.path, place: place),
            streams: hasTerminal ? streams.map { _ in nothing.descriptor } : streams,
            inherited: inherited)
        // The rest of the way is CRIU's; an open directory would keep a mount busy.
        defer { order.rootfs.descriptor.close() }
        return try withExtendedLifetime(entry) { () throws(RuntimeError) in
            let (criu, conversation) = try starting.start()
            if let move = entry.move { try withCgroups { () throws(CgroupError) in try move(criu.pid) } }
            return (criu, conversation)
        }
    }

    /// What CRIU makes has the container's limits from its birth, and CRIU is told where it is and where the images are.
    private func prepare(_ criu: HeldProcess, _ request: inout CriuOptions) throws(RuntimeError) {
        let seen = try images.seen(by: criu.pid)
        request.imagesDirectory = seen.images.number
        request.workDirectory = seen.work?.number
        if let resources = order.configuration.linux?.resources {
            let devices: DeviceLimits =
                plan.namespaces.has(.user) && !ThisProcess.mayRestrictDevices ? .untouched : .enforced
            let warnings = try withCgroups { () throws(CgroupError) in
                try manager.apply(resources, devices: devices)
            }
            for warning in warnings { order.root.log.warn(warning) }
        }
        if let wanted = plan.resourceControl, let group = order.resourceControl {
            try ResourceControl.apply(wanted, group, to: criu.pid)
        }
        request.cgroupRoots = try performing("cannot find criu's cgroups") { () throws(SystemError) in
            let text = try Descriptor.workingDirectory.readFile("/proc/\(criu.pid)/cgroup")
            return CgroupRoot.all(in: String(decoding: text, as: UTF8.self))
        }
    }

    private func converse(_ request: CriuOptions, _ conversation: CriuConversation) throws(RuntimeError) {
        try conversation.perform(
            .restore(request),
            notified: { notification, descriptors throws(RuntimeError) in try act(on: notification, descriptors) },
            failed: { error in
                images.quoteLog(order.root.log.warn)
                return images.failure(error)
            })
    }

    private func finish(_ criu: HeldProcess, _ conversation: CriuConversation) throws(RuntimeError) {
        conversation.finish()
        let status = try performing("cannot wait for criu") { () throws(SystemError) in try criu.handle.wait() }
        guard status.shellCode == 0 else {
            throw RuntimeError(.system, "criu failed: exit status \(status.shellCode): see \(images.logPath)")
        }
        try performing("cannot remove criu's root") { () throws(SystemError) in
            try Descriptor.workingDirectory.removeDirectory(place)
        }
    }

    // MARK: Notifications

    private func act(on notification: CriuNotification, _ descriptors: [Descriptor]) throws(RuntimeError) {
        switch notification.moment {
        case .setupNamespaces:
            // A network namespace of somebody else's has its devices still.
            if let pid = notification.pid, plan.namespaces.created.contains(.network) {
                try NetworkDevices.move(plan.networkDevices, to: pid)
            }
            try runHooks(notification.pid)
        case .postRestore: try publish(notification.pid)
        case .orphanTerminal:
            guard let master = descriptors.first else { throw RuntimeError(.system, "criu sent no terminal") }
            try take(terminal: master)
        case .statusReady, nil: for descriptor in descriptors { descriptor.close() }
        }
    }

    private func runHooks(_ pid: Int32?) throws(RuntimeError) {
        let state = State(
            ociVersion: order.configuration.ociVersion, id: order.id, status: .creating, pid: pid,
            bundle: order.bundle.path, annotations: order.configuration.annotations)
        let runner = HookRunner(state: state)
        try runner.run(order.configuration.hooks?.prestart, "prestart")
        try runner.run(order.configuration.hooks?.createRuntime, "createRuntime")
    }

    /// From here on other calls see the container as running.
    private func publish(_ pid: Int32?) throws(RuntimeError) {
        guard let pid, let first = FirstProcess.running(pid) else {
            throw RuntimeError(.system, "the restored process has ended")
        }
        process = HeldProcess(
            try performing("cannot hold the restored process") { () throws(SystemError) in
                try ProcessHandle(opening: pid)
            })
        try directory.add(first)
        manager.settle()
    }

    private func take(terminal master: Descriptor) throws(RuntimeError) {
        guard let path = options.create.consoleSocket else {
            terminal = master
            return
        }
        try DescriptorSocket(connecting: path, flag: "--console-socket").hand(master, named: "/dev/ptmx")
        master.close()
    }
}

extension CgroupRoot {
    /// From the text of proc_pid_cgroup(5): one for each controller.
    static func all(in text: String) -> [CgroupRoot] {
        text.split(separator: "\n").flatMap { line -> [CgroupRoot] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            return fields[1].split(separator: ",", omittingEmptySubsequences: false).map {
                CgroupRoot(controller: String($0), path: String(fields[2]))
            }
        }
    }
}
