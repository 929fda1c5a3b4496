internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// What `create` and `run` have in common, first part: a bundle, read, and everything refused that can be refused
/// before anything is made.
final class ContainerOrder {
    let root: RuntimeRoot
    let id: String
    let options: CreateOptions
    let bundle: Bundle
    let plan: SetupPlan
    let filter: SeccompProgram?
    let resourceControl: ResourceControlGroup?
    let rootfs: (descriptor: Descriptor, path: String)
    let handed: HandedDescriptors
    /// Who wants to hear that the container is ready.
    let readiness: NotifySocket?
    var configuration: RuntimeConfiguration { bundle.configuration }

    init(_ id: String, _ options: CreateOptions, in root: RuntimeRoot) throws(RuntimeError) {
        try ContainerID.check(id)
        (self.root, self.id, self.options) = (root, id, options)
        handed = try HandedDescriptors(preserved: options.preservedDescriptors)
        bundle = try Bundle(opening: options.bundle)
        let circumstances = PlanCircumstances(
            id: id, bundle: bundle.path, noPivot: options.noPivot, noNewKeyring: options.noNewKeyring,
            listenDescriptors: handed.listening,
            capabilities: ThisProcess.permittedCapabilities)
        readiness = options.tellsReadiness ? NotifySocket.ofCaller : nil
        var planned = bundle.configuration
        readiness?.add(to: &planned, state: root.path + "/" + id)
        do { plan = try SetupPlan(planned, circumstances) } catch { throw RuntimeError(error) }
        try SecurityModules.check(plan)
        resourceControl = try ResourceControl.group(plan.resourceControl, id: id)
        if let seccomp = bundle.configuration.linux?.seccomp {
            filter = try SeccompCache(root: root.path).program(seccomp)
        } else {
            filter = nil
        }
        rootfs = try bundle.openRoot(plan.rootfs)
    }

    /// Makes the state directory, where `delete --force` finds all that follows, the cgroups and the process, which
    /// waits when this returns. If a step fails, what was made is taken away again.
    func carryOut(startsBy manner: StartManner) throws(RuntimeError) -> CreatedContainer {
        let directory = try makeDirectory()
        for warning in plan.warnings { root.log.warn(warning) }
        let manager: any CgroupManager
        do throws(RuntimeError) {
            if readiness != nil { try directory.make(StateFile.notify, mode: 0o755) }
            manager = try cgroupManager()
        } catch {
            try? directory.remove()
            throw error
        }
        let making = ContainerMaking(self, directory, manager, manner)
        do throws(RuntimeError) { return try making.make() } catch {
            making.undo()
            throw error
        }
    }

    func makeDirectory() throws(RuntimeError) -> StateDirectory {
        do { return try StateDirectory(making: id, below: root) } catch {
            guard (try? StateDirectory(opening: id, below: root)) != nil else { throw error }
            throw RuntimeError(.containerExists, "container with id \"\(id)\" exists already in \(root.path)")
        }
    }

    func cgroupManager() throws(RuntimeError) -> any CgroupManager {
        var order = CgroupOrder(id: id)
        order.path = configuration.linux?.cgroupsPath
        order.isRootless = options.rootlessCgroups.isRootless(systemd: options.usesSystemdCgroup)
        order.usesSystemd = options.usesSystemdCgroup
        order.owner = plan.cgroupOwner(configuration)
        order.annotations = configuration.annotations ?? [:]
        return try withCgroups { () throws(CgroupError) in try CgroupLayout.detect().makeManager(order) }
    }
}

// MARK: What is kept

extension ContainerOrder {
    /// Writes down what does not change, before there is anything that `delete --force` must find. `additional` namespaces
    /// are those that the configuration does not name.
    func keepState(
        _ manager: any CgroupManager, in directory: StateDirectory, created: Timestamp, additional: NamespaceKinds = []
    ) throws(RuntimeError) {
        try directory.write(record(manager, created, plan.namespaces.all.union(additional)))
    }

    /// Cgroups that a user without privileges may not make are left out, and later calls must not look for them.
    func makeCgroups(
        _ manager: any CgroupManager, in directory: StateDirectory, created: Timestamp, additional: NamespaceKinds = []
    ) throws(RuntimeError) {
        let wanted = manager.paths
        do { try manager.create() } catch {
            // Programs look for these words.
            throw RuntimeError(CgroupError(error.kind, "unable to apply cgroup configuration: \(error)"))
        }
        let made = manager.paths
        if made.isEmpty, !plan.namespaces.created.contains(.pid) { root.log.warn(Self.unkillable) }
        guard made != wanted else { return }
        try directory.write(record(manager, created, plan.namespaces.all.union(additional)))
    }

    private func record(_ manager: any CgroupManager, _ created: Timestamp, _ namespaces: NamespaceKinds) -> StateRecord
    {
        let container = stored(manager, created, namespaces).json.line
        return StateRecord(container: Array(container.utf8), configuration: bundle.bytes)
    }

    /// In runc's words.
    private static let unkillable = """
        Creating a rootless container with no cgroup and no private pid namespace. Such configuration is strongly discouraged \
        (as it is impossible to properly kill all container's processes)
        """

    private func stored(_ manager: any CgroupManager, _ created: Timestamp, _ namespaces: NamespaceKinds)
        -> StoredContainer
    {
        let hooks = configuration.hooks
        let isHooked = hooks?.poststart != nil || hooks?.poststop != nil
        return StoredContainer(
            ociVersion: configuration.ociVersion, id: id, bundle: bundle.path, rootfs: rootfs.path, created: created,
            annotations: configuration.annotations, owner: ThisProcess.effectiveUser, cgroups: manager.paths,
            systemdUnit: manager.unit, namespaces: namespaces.rawValue, streams: StandardStreams.names,
            hooks: isHooked ? Hooks(poststart: hooks?.poststart, poststop: hooks?.poststop) : nil,
            resourceControl: resourceControl, hasNoKeyring: options.noNewKeyring)
    }
}

/// Who says that a container that waits may start.
enum StartManner {
    /// Another call of the runtime, `start`.
    case laterCall
    /// This one.
    case thisCall
}

/// A container whose first process waits.
struct CreatedContainer {
    let directory: StateDirectory
    let process: BornProcess
    let manager: any CgroupManager
    let state: State
    let resourceControl: ResourceControlGroup?
    let hooks: Hooks?
    /// The terminal's master, unless a console socket has it.
    let terminal: Descriptor?
}
