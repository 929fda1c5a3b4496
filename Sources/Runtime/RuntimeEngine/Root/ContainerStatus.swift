internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// A container that was made before, as an operation finds it.
struct FoundContainer {
    let directory: StateDirectory
    let stored: StoredContainer
    /// Nil when it has ended, or is not there yet.
    let process: FirstProcess?
    let status: ContainerStatus
    let cgroups: any CgroupManager

    init(_ id: String, in root: RuntimeRoot) throws(RuntimeError) {
        directory = try StateDirectory(opening: id, below: root)
        let record = try directory.record()
        stored = try directory.container(record)
        let (paths, unit) = (stored.cgroups, stored.systemdUnit)
        cgroups = try withCgroups { () throws(CgroupError) in
            try CgroupLayout.detect().openManager(paths: paths, unit: unit)
        }
        process = record.process.flatMap { $0.isRunning ? $0 : nil }
        if record.process == nil {
            status = .creating
        } else if process == nil {
            status = .stopped
        } else if try directory.isWaitingForStart() {
            status = .created
        } else {
            status = (try? cgroups.isFrozen()) == true ? .paused : .running
        }
    }

    /// Throws unless the container is in one of `states`.
    func require(_ states: [ContainerStatus], to operation: String) throws(RuntimeError) {
        guard !states.contains(status) else { return }
        // Engines look for these words.
        let reason = status == .stopped ? "container not running" : "it is \(status.rawValue)"
        throw RuntimeError(.wrongState, "cannot \(operation) container \"\(stored.id)\": \(reason)")
    }

    /// The name of the session keyring that all of its processes have.
    var keyring: String? { stored.hasNoKeyring ? nil : SessionKeyring.name(of: stored.id) }

    /// As hooks get it.
    func state(_ status: ContainerStatus) -> State {
        State(
            ociVersion: stored.ociVersion, id: stored.id, status: status, pid: process?.pid, bundle: stored.bundle,
            annotations: stored.annotations)
    }

    func report() -> ContainerReport {
        ContainerReport(
            ociVersion: stored.ociVersion, id: stored.id, pid: process?.pid ?? 0, status: status,
            bundle: stored.bundle, rootfs: stored.rootfs, created: stored.created.description,
            annotations: stored.annotations, owner: UserNames.name(of: stored.owner))
    }
}

/// Names of users: passwd(5).
enum UserNames {
    /// The number itself when there is no name for it; empty for an unknown one, as runc prints it.
    static func name(of user: UInt32) -> String {
        if user == 0 { return "root" }
        guard let bytes = try? Descriptor.workingDirectory.readFile("/etc/passwd") else { return "" }
        return PasswordFile(bytes).entry(of: user).map { String($0.name) } ?? ""
    }
}
