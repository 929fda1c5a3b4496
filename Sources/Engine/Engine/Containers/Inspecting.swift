public import LineProtocol
internal import Snapshots

extension Container {
    /// Everything about the container, in the shape of `docker inspect`.
    public func inspect() -> ContainerInspection {
        let configuration = record.configuration
        return ContainerInspection(
            id: id, created: record.created, path: configuration.arguments.first ?? "",
            arguments: Array(configuration.arguments.dropFirst()), state: state,
            image: "\(record.imageID)", logPath: paths.log, name: "/" + record.name,
            restartCount: record.lifecycle.restartCount, driver: services.snapshots.name,
            hostConfiguration: ContainerInspection.HostConfiguration(record, services.machine),
            mounts: record.mounts.map(ContainerInspection.MountPoint.init),
            configuration: ContainerInspection.Configuration(record), hostnamePath: paths.hostname,
            hostsPath: paths.hosts, resolvConfPath: paths.resolvConf)
    }
}

extension Container {
    private var state: ContainerInspection.State {
        let lifecycle = record.lifecycle
        let kills = lifecycle.isRunning ? outOfMemoryKills : lifecycle.outOfMemoryKills ?? 0
        return ContainerInspection.State(
            status: lifecycle.status, pid: lifecycle.pid, exitCode: lifecycle.exitCode, error: lifecycle.error,
            started: lifecycle.started, finished: lifecycle.finished, outOfMemoryKilled: kills > 0)
    }
}

extension ContainerInspection.Configuration {
    init(_ record: ContainerRecord) {
        let (configuration, wanted) = (record.configuration, record.specification)
        self.init(
            hostname: configuration.hostname, user: configuration.user, terminal: wanted.terminal,
            openStandardInput: wanted.openStandardInput, standardInputOnce: wanted.closeStandardInputOnDetach,
            environment: configuration.environment, command: configuration.command, image: record.image,
            workingDirectory: configuration.workingDirectory, entrypoint: configuration.entrypoint,
            labels: configuration.labels, stopSignal: configuration.stopSignal, stopTimeout: configuration.stopTimeout)
    }
}

extension ContainerInspection.HostConfiguration {
    init(_ record: ContainerRecord, _ machine: Machine) {
        let wanted = record.specification
        self.init(
            binds: record.mounts.compactMap(\.bindText), networkMode: wanted.network.rawValue,
            restartPolicy: record.restart, autoRemove: wanted.removeOnExit)
        take(wanted.namespaces, machine)
        take(wanted.security, machine)
        take(record.resources, machine)
        sharedMemorySize = wanted.sharedMemorySize ?? ContainerSpecification.usualSharedMemory
        cgroupParent = wanted.cgroupParent ?? ""
        oomScoreAdjustment = wanted.oomScoreAdjustment
        temporaryFilesystems = wanted.temporaryFilesystems.isEmpty ? nil : wanted.temporaryFilesystems
        sysctls = wanted.sysctls.isEmpty ? nil : wanted.sysctls
        runsInit = wanted.runsInit ? true : nil
        limits = wanted.limits.map(Limit.init)
    }

    private mutating func take(_ resources: ContainerResources, _ machine: Machine) {
        memory = resources.memory ?? 0
        memorySwap = ResourceRules(machine).swap(resources) ?? 0
        memoryReservation = resources.memoryReservation ?? 0
        memorySwappiness = resources.memorySwappiness
        outOfMemoryKillerIsOff = resources.outOfMemoryKillerIsOff ?? false
        nanoCPUs = resources.nanoCPUs ?? 0
        cpuShares = resources.cpuShares ?? 0
        cpuPeriod = resources.cpuPeriod ?? 0
        cpuQuota = resources.cpuQuota ?? 0
        cpuRealtimePeriod = resources.cpuRealtimePeriod ?? 0
        cpuRealtimeRuntime = resources.cpuRealtimeRuntime ?? 0
        cpusetCPUs = resources.cpusetCPUs ?? ""
        cpusetMemoryNodes = resources.cpusetMemoryNodes ?? ""
        processes = resources.processes
        takeBlockIO(resources)
    }

    private mutating func takeBlockIO(_ resources: ContainerResources) {
        blockWeight = resources.blockWeight ?? 0
        blockDeviceWeights = (resources.blockDeviceWeights ?? []).map(DeviceWeight.init)
        readBytes = (resources.readBytes ?? []).map(DeviceRate.init)
        writeBytes = (resources.writeBytes ?? []).map(DeviceRate.init)
        readOperations = (resources.readOperations ?? []).map(DeviceRate.init)
        writeOperations = (resources.writeOperations ?? []).map(DeviceRate.init)
    }

    private mutating func take(_ namespaces: ContainerNamespaces, _ machine: Machine) {
        pidMode = namespaces.pid ?? ""
        ipcMode = namespaces.ipc ?? "private"
        utsMode = namespaces.uts ?? ""
        userMode = namespaces.user ?? ""
        cgroupMode = namespaces.cgroup ?? (machine.cgroups == .v2 ? "private" : "host")
    }

    private mutating func take(_ security: ContainerSecurity, _ machine: Machine) {
        func list(_ values: [String]) -> [String]? { values.isEmpty ? nil : values }
        addedCapabilities = list(security.addedCapabilities)
        droppedCapabilities = list(security.droppedCapabilities)
        groups = list(security.groups)
        privileged = security.privileged
        readOnlyRoot = security.readOnlyRoot
        securityOptions = list(security.options)
        devices = security.devices.map(Device.init)
        deviceRules = list(security.deviceRules)
        // Refused when the container was made, if it cannot be understood.
        guard let policy = try? SecurityPolicy(security, machine) else { return }
        maskedPaths = policy.maskedPaths(on: machine)
        readOnlyPaths = policy.readOnlyPaths
    }
}

extension ContainerInspection.MountPoint {
    init(_ mount: ContainerMount) {
        self.init(
            type: mount.kind.rawValue, name: mount.volume, source: mount.source, destination: mount.target,
            mode: mount.isReadOnly ? "ro" : "", readWrite: !mount.isReadOnly,
            propagation: mount.kind == .bind ? mount.propagation ?? "rprivate" : "")
    }
}

extension ContainerMount {
    /// As `-v` has it; nil for a volume without a name.
    fileprivate var bindText: String? {
        if isAnonymous { return nil }
        return "\(volume ?? source):\(target)" + (isReadOnly ? ":ro" : "")
    }
}
