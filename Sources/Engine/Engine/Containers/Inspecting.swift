public import LineProtocol
internal import Snapshots

extension Container {
    /// Everything about the container, in the shape of `docker inspect`.
    public func inspect() -> ContainerInspection {
        let configuration = record.configuration
        return ContainerInspection(
            id: id, created: record.created, path: configuration.arguments.first ?? "",
            arguments: Array(configuration.arguments.dropFirst()), state: ContainerInspection.State(record.lifecycle),
            image: "\(record.imageID)", logPath: paths.log, name: "/" + record.name, driver: services.snapshots.name,
            hostConfiguration: ContainerInspection.HostConfiguration(
                binds: record.mounts.compactMap(\.bindText), networkMode: record.specification.network.rawValue,
                autoRemove: record.specification.removeOnExit),
            mounts: record.mounts.map(ContainerInspection.MountPoint.init),
            configuration: ContainerInspection.Configuration(record), hostnamePath: paths.hostname,
            hostsPath: paths.hosts, resolvConfPath: paths.resolvConf)
    }
}

extension ContainerInspection.State {
    init(_ lifecycle: ContainerLifecycle) {
        self.init(
            status: lifecycle.status, pid: lifecycle.pid, exitCode: lifecycle.exitCode, error: lifecycle.error,
            started: lifecycle.started, finished: lifecycle.finished)
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
