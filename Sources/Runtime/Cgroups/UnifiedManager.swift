internal import LinuxKernel
internal import RuntimeSpec

/// A cgroup of the unified hierarchy: Documentation/admin-guide/cgroup-v2.rst.
final class UnifiedManager: CgroupManager {
    private let place: CgroupPlace
    /// Without permission to make cgroups, and without need of limits, a container stays where its maker is.
    private let toleratesRefusal: Bool
    /// Why there is no cgroup of ours.
    private var refusal: CgroupError?

    init(hierarchy: Hierarchy, place: String, toleratesRefusal: Bool) {
        self.place = CgroupPlace(hierarchy: hierarchy, path: place)
        self.toleratesRefusal = toleratesRefusal
    }

    var paths: [String: String] { refusal == nil ? ["": place.hostPath] : [:] }

    var exists: Bool { (try? place.open()) != nil }

    // MARK: Making and removing

    func create() throws(CgroupError) {
        var making = CgroupMaking()
        do {
            let directory = try making.make(
                place.path, below: place.hierarchy.mountPoint, prepare: UnifiedTree.enableControllers,
                finish: { _, child throws(CgroupError) in try UnifiedTree.checkType(of: child) })
            try Self.checkUnused(directory)
        } catch {
            making.undo()
            // What others use is not ours to kill or to remove later.
            refusal = error
            guard toleratesRefusal, error.isPermission else { throw error }
        }
    }

    static func checkUnused(_ directory: CgroupDirectory) throws(CgroupError) {
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

    func apply(_ resources: Resources, devices: DeviceLimits) throws(CgroupError) {
        if refusal != nil {
            guard let needed = UnifiedTree.controllers.first(where: { $0.isNeeded(by: resources) }) else { return }
            throw CgroupError(
                .unavailable,
                "cannot set \(needed.name) limit: container could not join or create cgroup: "
                    + "rootless needs no limits + no cgrouppath when no permission is granted for cgroups")
        }
        let directory = try place.open()
        try UnifiedTree.apply(resources, to: directory)
        if devices == .enforced { try UnifiedDevices.apply(resources, to: directory) }
    }

    // MARK: Processes

    func entry(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> CgroupEntry {
        if let controller = places.keys.first(where: { !$0.isEmpty }) {
            throw CgroupError(
                .invalid, "unknown controller \(controller): cgroup v2 has one hierarchy: give the path alone")
        }
        if refusal != nil { return CgroupEntry(directory: nil, tasks: []) }
        return CgroupEntry(directory: try directory(below: places[""], besides: initProcess), tasks: [])
    }

    /// A cgroup whose children have controllers takes no processes (EBUSY): then where the container's first process
    /// went is the place.
    private func directory(below sub: String?, besides initProcess: Int32?) throws(CgroupError) -> CgroupDirectory {
        let directory = try place.open(below: sub ?? "")
        guard sub == nil, let initProcess, UnifiedTree.hasControlledChildren(directory) else { return directory }
        let text = (try? Descriptor.workingDirectory.readFile("/proc/\(initProcess)/cgroup")) ?? []
        let memberships = Membership.parse(String(decoding: text, as: UTF8.self))
        guard let own = memberships.first(where: \.isUnified)?.path, let below = CgroupPath.below(place.path, own)
        else {
            return directory
        }
        return try place.open(below: below)
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

    func outOfMemoryKills() -> UInt64 {
        guard let text = try? place.open().read("memory.events") else { return 0 }
        return KeyedValues(text)["oom_kill"] ?? 0
    }

    func statistics() throws(CgroupError) -> CgroupStatistics {
        var statistics = CgroupStatistics()
        if refusal != nil { return statistics }
        try UnifiedTree.read(from: place.open(), into: &statistics)
        return statistics
    }

    func mounts() -> [CgroupMountSource] {
        [CgroupMountSource(name: "", links: [], path: place.hostPath, filesystem: "cgroup2", options: [])]
    }
}
