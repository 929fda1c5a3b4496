internal import LinuxKernel
internal import RuntimeSpec

/// Cgroups that systemd makes and removes, as a scope; what it does not know is done in them by `files`.
final class SystemdManager: CgroupManager {
    let unit: SystemdUnit?
    private let scope: SystemdUnit
    private let files: any FileCgroupManager
    private let properties: [SystemdProperty]
    private var helper: SystemdHelper?
    private var placeholder: Placeholder?
    /// False while the scope is not there, or is somebody else's.
    private var isOurs: Bool

    /// Of a new container: `properties` are what its annotations ask for.
    init(
        making scope: SystemdUnit, properties: [SystemdProperty], files: any FileCgroupManager, helper: SystemdHelper?
    ) {
        (unit, self.scope, self.properties, self.files, self.helper) = (scope, scope, properties, files, helper)
        isOurs = false
    }

    /// Of a container that exists.
    init(opening scope: SystemdUnit, files: any FileCgroupManager) {
        (unit, self.scope, self.files) = (scope, scope, files)
        properties = []
        isOurs = true
    }

    var paths: [String: String] { files.paths }
    var interruptsDevices: Bool { files.interruptsDevices }
    var exists: Bool { files.exists }

    private func connected() throws(CgroupError) -> SystemdHelper {
        if let helper { return helper }
        let helper = try SystemdHelper(isUser: scope.isUser)
        self.helper = helper
        return helper
    }

    // MARK: Making and removing

    func create() throws(CgroupError) {
        // One that is full of others' processes is none to stop, as a unit of that name might be.
        try files.checkUnused()
        let placeholder = try Placeholder()
        try start(with: placeholder.pid)
        isOurs = true
        self.placeholder = placeholder
        try files.makeDirectories()
    }

    private func start(with process: Int32) throws(CgroupError) {
        let request = SystemdRequest(.start, scope.name, properties: startProperties(process))
        do { try connected().perform(request) } catch {
            guard error.kind == .exists else { throw unableToStart(error) }
            // What is left of one that failed.
            try connected().perform(SystemdRequest(.resetFailed, scope.name))
            do { try connected().perform(request) } catch { throw unableToStart(error) }
        }
    }

    private func unableToStart(_ error: CgroupError) -> CgroupError {
        CgroupError(error.kind, "unable to start unit \"\(scope.name)\": \(error)")
    }

    private func startProperties(_ process: Int32) -> [SystemdProperty] {
        var list = [SystemdProperty("Description", .string("Container \(scope.name)"))]
        if scope.isSlice {
            list.append(SystemdProperty("Wants", .strings([scope.slice])))
        } else {
            list += [
                SystemdProperty("Slice", .string(scope.slice)), SystemdProperty("Delegate", .boolean(true)),
                SystemdProperty("PIDs", .array(of: "u", [.uint32(UInt32(process))])),
            ]
        }
        // Accounting from the start: some controllers do not count what was there before them.
        let accounts = ["MemoryAccounting", "CPUAccounting", "TasksAccounting", files.ioAccounting]
        list += accounts.map { SystemdProperty($0, .boolean(true)) }
        return list + [SystemdProperty("DefaultDependencies", .boolean(false))] + properties
    }

    func settle() {
        placeholder = nil
        helper = nil
    }

    /// Stops the unit, then removes what systemd left, or never knew of.
    func destroy() throws(CgroupError) {
        guard isOurs else { return }
        placeholder = nil
        var failure: CgroupError?
        do { try connected().perform(SystemdRequest(.stop, scope.name)) } catch { failure = error }
        do { try files.destroy() } catch { failure = failure ?? error }
        helper = nil
        if let failure { throw failure }
    }

    // MARK: Limits

    func apply(_ resources: Resources, devices: DeviceLimits) throws(CgroupError) -> [String] {
        let limits = try files.systemdLimits(resources, devices: devices, version: connected().version)
        if !limits.properties.isEmpty {
            let request = SystemdRequest(.setProperties, scope.name, properties: limits.properties)
            try files.standingStill { () throws(CgroupError) in
                do throws(CgroupError) { try connected().perform(request) } catch {
                    throw CgroupError(error.kind, "unable to set unit properties: \(error)")
                }
            }
        }
        return try limits.warnings + files.apply(limits.resources, devices: devices)
    }

    // MARK: Processes

    /// A user may not move processes between cgroups that he does not own: his manager has the system's do it.
    func entry(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> CgroupEntry {
        guard scope.isUser else { return try files.entry(below: places, besides: initProcess) }
        let below = try files.place(below: places, besides: initProcess)
        return CgroupEntry { [self] process throws(CgroupError) in try attach(process, below: below) }
    }

    func add(process: Int32) throws(CgroupError) {
        if scope.isUser { try attach(process, below: "/") } else { try files.add(process: process) }
    }

    private func attach(_ process: Int32, below cgroup: String) throws(CgroupError) {
        let request = SystemdRequest(.attach, scope.name, processes: [UInt32(process)], cgroup: cgroup)
        do { try connected().perform(request) } catch {
            throw CgroupError(error.kind, "unable to move a process to unit \"\(scope.name)\": \(error)")
        }
    }

    func processes() throws(CgroupError) -> [Int32] { isOurs ? try files.processes() : [] }
    func signalAll(_ signal: Int32) throws(CgroupError) { if isOurs { try files.signalAll(signal) } }

    // MARK: Freezing and watching

    func freeze() throws(CgroupError) { try files.freeze() }
    func thaw() throws(CgroupError) { try files.thaw() }
    func isFrozen() throws(CgroupError) -> Bool { try files.isFrozen() }
    func watchMemory() throws(CgroupError) -> (any OutOfMemoryWatch)? { try files.watchMemory() }
    func statistics() throws(CgroupError) -> CgroupStatistics { try files.statistics() }
    func mounts(showingAll: Bool) -> [CgroupMountSource] { files.mounts(showingAll: showingAll) }
}

/// A manager that makes its cgroups itself, as far as ``SystemdManager`` needs to look into it.
protocol FileCgroupManager: CgroupManager {
    /// Throws when the cgroup is there and others' processes are in it, or it is frozen.
    func checkUnused() throws(CgroupError)

    /// Makes what is missing, and hands it to its owner.
    func makeDirectories() throws(CgroupError)

    /// Where below the cgroup a process of `exec` goes, beginning with a slash.
    func place(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> String

    /// The property by which systemd counts I/O.
    var ioAccounting: String { get }

    func systemdLimits(_ resources: Resources, devices: DeviceLimits, version: Int) throws(CgroupError) -> SystemdLimits

    /// Does `body`, with the processes frozen where systemd's changes would disturb them.
    func standingStill(_ body: () throws(CgroupError) -> Void) throws(CgroupError)
}
