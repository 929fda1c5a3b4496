internal import LinuxKernel
internal import RuntimeSpec

/// A cgroup of the unified hierarchy: Documentation/admin-guide/cgroup-v2.rst.
final class UnifiedManager: FileCgroupManager {
    private var place: CgroupPlace
    /// Without permission to make cgroups, and without need of limits, a container stays where its maker is.
    private let toleratesRefusal: Bool
    /// Why there is no cgroup of ours.
    private var refusal: CgroupError?

    /// Who the cgroup is handed to: config-linux.md, "Cgroup ownership".
    private let owner: UInt32?

    init(hierarchy: Hierarchy, place: String, toleratesRefusal: Bool = false, owner: UInt32? = nil) {
        self.place = CgroupPlace(hierarchy: hierarchy, path: place)
        self.toleratesRefusal = toleratesRefusal
        self.owner = owner
    }

    var paths: [String: String] { refusal == nil ? ["": place.hostPath] : [:] }

    var interruptsDevices: Bool { false }
    var exists: Bool { (try? place.open()) != nil }

    // MARK: Making and removing

    func create() throws(CgroupError) {
        do { try makeDirectories(checking: true) } catch {
            // What others use is not ours to kill or to remove later.
            refusal = error
            guard toleratesRefusal, error.isPermission else { throw error }
        }
    }

    func makeDirectories() throws(CgroupError) { try makeDirectories(checking: false) }

    private func makeDirectories(checking: Bool) throws(CgroupError) {
        var making = CgroupMaking()
        do throws(CgroupError) {
            let made = try making.make(
                place.path, below: place.hierarchy.mountPoint, prepare: UnifiedTree.enableControllers,
                finish: { _, child throws(CgroupError) in try UnifiedTree.checkType(of: child) })
            if checking, !made.isNew { try Self.checkUnused(made.directory) }
            if let owner { try made.directory.delegate(to: owner) }
            place.made = made
        } catch {
            making.undo()
            throw error
        }
    }

    func checkUnused() throws(CgroupError) {
        do { try Self.checkUnused(place.open()) } catch {
            if !error.isMissing { throw error }
        }
    }

    private static func checkUnused(_ directory: CgroupDirectory) throws(CgroupError) {
        let count = try directory.allProcesses().count
        if count > 0 {
            throw CgroupError(
                .state, "container's cgroup is not empty: \(count) process(es) found in \(directory.path)")
        }
        if try directory.readIfPresent("cgroup.freeze") == "1\n" {
            throw CgroupError(.state, "container's cgroup unexpectedly frozen: \(directory.path)")
        }
    }

    func destroy() throws(CgroupError) {
        if refusal == nil { try place.remove() }
    }

    // MARK: Limits

    func apply(_ resources: Resources, devices: DeviceLimits) throws(CgroupError) -> [String] {
        if refusal != nil {
            guard let needed = UnifiedTree.controllers.first(where: { $0.isNeeded(by: resources) }) else { return [] }
            throw CgroupError(
                .unavailable,
                "cannot set \(needed.name) limit: container could not join or create cgroup: "
                    + "rootless needs no limits + no cgrouppath when no permission is granted for cgroups")
        }
        let directory = try place.open()
        try UnifiedTree.apply(resources, to: directory)
        if devices == .enforced { try UnifiedDevices.apply(resources, to: directory) }
        return []
    }

    // MARK: Processes

    func entry(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> CgroupEntry {
        if refusal != nil { return CgroupEntry(directory: nil, tasks: []) }
        if places.isEmpty, let refuge = try refuge(of: initProcess) {
            return CgroupEntry(directory: try refuge.open(), tasks: [])
        }
        let below = try place(below: places, besides: initProcess)
        return CgroupEntry(directory: try place.open(below: below), tasks: [])
    }

    /// Where the container's first process went, if nobody can follow the others into the cgroup: one whose children
    /// have controllers takes no processes (EBUSY), and one that all have left may be gone.
    private func refuge(of initProcess: Int32?) throws(CgroupError) -> CgroupPlace? {
        guard let initProcess else { return nil }
        do {
            guard try UnifiedTree.hasControlledChildren(place.open()) else { return nil }
        } catch { guard error.isMissing else { throw error } }
        let text = (try? Descriptor.workingDirectory.readFile("/proc/\(initProcess)/cgroup")) ?? []
        let memberships = Membership.parse(String(decoding: text, as: UTF8.self))
        guard let own = memberships.first(where: \.isUnified)?.path else { return nil }
        return CgroupPlace(hierarchy: place.hierarchy, path: own)
    }

    func place(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> String {
        if let controller = places.keys.first(where: { !$0.isEmpty }) {
            throw CgroupError(
                .invalid, "unknown controller \(controller): cgroup v2 has one hierarchy: give the path alone")
        }
        if let sub = places[""] { return CgroupPath.join("/", try CgroupPlace.checked(sub)) }
        guard let refuge = try refuge(of: initProcess) else { return "/" }
        return CgroupPath.below(place.path, refuge.path) ?? "/"
    }

    func add(process: Int32) throws(CgroupError) {
        if refusal == nil { try place.open().add(process: process) }
    }

    func processes() throws(CgroupError) -> [Int32] {
        guard refusal == nil else { return [] }
        do { return try place.open().allProcesses() } catch {
            if error.isMissing { return [] }
            throw error
        }
    }

    func signalAll(_ signal: Int32) throws(CgroupError) {
        guard refusal == nil, let directory = try? place.open() else { return }
        // Since Linux 5.14: kills all at once, whatever they fork.
        if signal == Signal.kill, directory.has("cgroup.kill") { return try directory.write("cgroup.kill", "1") }
        try CgroupSignals.send(signal, manager: self)
    }

    // MARK: Freezing

    func freeze() throws(CgroupError) { try UnifiedFreezer.freeze(place.open()) }
    func thaw() throws(CgroupError) { try UnifiedFreezer.thaw(place.open()) }
    func isFrozen() throws(CgroupError) -> Bool {
        if refusal != nil { return false }
        do { return try place.open().readIfPresent("cgroup.freeze") == "1\n" } catch {
            if error.isMissing { return false }
            throw error
        }
    }

    // MARK: Watching

    func watchMemory() throws(CgroupError) -> (any OutOfMemoryWatch)? {
        guard refusal == nil else { return nil }
        let directory = try place.open()
        return directory.has("memory.events") ? try UnifiedOutOfMemoryWatch(directory) : nil
    }

    func statistics() throws(CgroupError) -> CgroupStatistics {
        var statistics = CgroupStatistics()
        if refusal != nil { return statistics }
        try UnifiedTree.read(from: place.open(), into: &statistics)
        return statistics
    }

    func mounts(showingAll: Bool) -> [CgroupMountSource] {
        // Where we were refused there may be a cgroup of that name, which is somebody else's.
        let own = refusal == nil ? place.hostPath : nil
        let path = showingAll ? place.hierarchy.mountPoint : own
        return [CgroupMountSource(name: "", links: [], path: path, filesystem: "cgroup2", options: [])]
    }
}

// MARK: For systemd

extension UnifiedManager {
    var ioAccounting: String { "IOAccounting" }

    func systemdLimits(_ resources: Resources, devices: DeviceLimits, version: Int) throws(CgroupError)
        -> SystemdLimits
    {
        let directory = try place.open()
        // Before systemd makes the kernel kill for it.
        try UnifiedMemory.checkBeforeUpdate(resources, directory)
        var current = SystemdLimits.Current()
        current.memory = try UnifiedMemory.currentLimit(directory)
        if let fields = try directory.readIfPresent("cpu.max")?.fields, fields.count == 2 {
            current.quota = Int64(fields[0]) ?? 0
            current.period = UInt64(fields[1]) ?? 0
        }
        return try SystemdLimits(unified: resources, devices: devices, current: current, version: version)
    }

    func standingStill(_ body: () throws(CgroupError) -> Void) throws(CgroupError) { try body() }
}
