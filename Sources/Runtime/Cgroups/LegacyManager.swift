internal import LinuxKernel
internal import RuntimeSpec

/// A cgroup in each of the v1 hierarchies; on a hybrid layout one of the unified hierarchy with them.
final class LegacyManager: FileCgroupManager {
    private var places: [CgroupPlace]
    /// Where the container stays in the hierarchies that it may have no cgroup of its own in.
    private var refused: [CgroupPlace] = []
    private let toleratesRefusal: Bool
    private var making = CgroupMaking()

    init(places: [CgroupPlace], toleratesRefusal: Bool) {
        self.places = places
        self.toleratesRefusal = toleratesRefusal
    }

    var paths: [String: String] {
        Dictionary(places.map { ($0.hierarchy.key, $0.hostPath) }, uniquingKeysWith: { first, _ in first })
    }

    var interruptsDevices: Bool { true }
    var exists: Bool { (try? processPlace.open()) != nil }

    /// The hierarchy that is asked who is in the container: any would do, as the processes are in all of them.
    private var processPlace: CgroupPlace {
        get throws(CgroupError) {
            guard let place = place(of: "devices") ?? place(of: "freezer") ?? places.first else {
                throw CgroupError(.unavailable, "the container has no cgroup")
            }
            return place
        }
    }

    private func place(of controller: String) -> CgroupPlace? {
        places.first { $0.hierarchy.controllers.contains(controller) }
    }

    private var unifiedPlace: CgroupPlace? { places.first(where: \.hierarchy.isUnified) }

    // MARK: Making and removing

    func create() throws(CgroupError) { try makeDirectories(checking: true) }
    func makeDirectories() throws(CgroupError) { try makeDirectories(checking: false) }

    /// Moving a process into a directory of the unified hierarchy takes long: it is born there.
    func createBirthplace() throws(CgroupError) -> CgroupEntry? {
        if toleratesRefusal { return nil }
        guard let index = places.firstIndex(where: \.hierarchy.isUnified) else {
            return CgroupEntry(directory: nil, tasks: [])
        }
        let made = try create(places[index])
        places[index].made = made
        return CgroupEntry(directory: made.directory, tasks: [])
    }

    private func makeDirectories(checking: Bool) throws(CgroupError) {
        var made: [CgroupPlace] = []
        do throws(CgroupError) {
            for var place in places {
                do { if place.made == nil { place.made = try create(place) } } catch {
                    guard toleratesRefusal, error.isPermission else { throw error }
                    refused.append(CgroupPlace(hierarchy: place.hierarchy, path: place.hierarchy.ownCgroup))
                    continue
                }
                made.append(place)
            }
            places = made
            if checking { try checkUnused() }
        } catch {
            making.undo()
            // What others use is not ours to kill or to remove later.
            places = []
            throw error
        }
    }

    private func create(_ place: CgroupPlace) throws(CgroupError) -> MadeCgroup {
        let isCpuset = place.hierarchy.controllers.contains("cpuset")
        return try making.make(
            place.path, below: place.hierarchy.mountPoint,
            finish: { parent, child throws(CgroupError) in
                if isCpuset { try LegacyCpuset.inherit(child, from: parent) }
            })
    }

    func checkUnused() throws(CgroupError) {
        for controller in ["devices", "freezer"] {
            guard place(of: controller)?.made?.isNew != true, let directory = try directoryIfThere(controller) else {
                continue
            }
            let count = try directory.allProcesses().count
            if count > 0 {
                throw CgroupError(
                    .state, "container's cgroup is not empty: \(count) process(es) found in \(directory.path)")
            }
            if controller == "freezer", try LegacyFreezer.isFrozen(directory) {
                throw CgroupError(.state, "container's cgroup unexpectedly frozen: \(directory.path)")
            }
        }
    }

    private func directoryIfThere(_ controller: String) throws(CgroupError) -> CgroupDirectory? {
        do { return try place(of: controller)?.open() } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    func destroy() throws(CgroupError) {
        // What is left of a making that failed.
        if places.isEmpty { making.undo() }
        var failure: CgroupError?
        for place in places {
            do { try place.remove() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    // MARK: Limits

    private static let noUnified = CgroupError(
        .invalid, "invalid configuration: cannot set unified resources on cgroup v1: use the other limits")

    func apply(_ resources: Resources, devices: DeviceLimits) throws(CgroupError) -> [String] {
        if resources.unified?.isEmpty == false { throw Self.noUnified }
        for controller in LegacyControllers.all where controller.isNeeded(by: resources) {
            try apply(controller, resources)
        }
        if devices == .enforced { try applyDevices(resources) }
        return []
    }

    private func apply(_ controller: any LegacyController.Type, _ resources: Resources) throws(CgroupError) {
        if let place = place(of: controller.name) { return try controller.apply(resources, to: place.open()) }
        // On a hybrid layout some controllers are the unified hierarchy's.
        if let unifiedPlace, let unified = UnifiedTree.controllers.first(where: { $0.name == controller.unifiedName }) {
            let mount = try CgroupDirectory.openMount(unifiedPlace.hierarchy.mountPoint)
            if try mount.read("cgroup.controllers").fields.contains(unified.name) {
                try enable(unified.name, in: unifiedPlace)
                return try unified.apply(resources, to: unifiedPlace.open())
            }
        }
        throw CgroupError(
            .unavailable,
            "cannot set \(controller.name) limit: container could not join or create cgroup: "
                + "no hierarchy with the controller \"\(controller.name)\" is mounted, or it may not be written to")
    }

    private func enable(_ controller: String, in place: CgroupPlace) throws(CgroupError) {
        var directory = try CgroupDirectory.openMount(place.hierarchy.mountPoint)
        for name in place.path.split(separator: "/") {
            try directory.write("cgroup.subtree_control", "+" + controller)
            directory = try directory.open(String(name))
        }
    }

    private func applyDevices(_ resources: Resources) throws(CgroupError) {
        if let place = place(of: "devices") { return try LegacyDevices.apply(resources, to: place.open()) }
        if let unifiedPlace { return try UnifiedDevices.apply(resources, to: unifiedPlace.open()) }
        if toleratesRefusal { return }
        throw CgroupError(
            .unavailable, "cannot restrict devices: no hierarchy with the controller \"devices\" is mounted")
    }

    // MARK: Processes

    func entry(below sub: [String: String], besides initProcess: Int32?) throws(CgroupError) -> CgroupEntry {
        let known = places.flatMap(\.hierarchy.controllers)
        if let stranger = sub.keys.first(where: { !$0.isEmpty && !known.contains($0) }) {
            throw CgroupError(.invalid, "unknown controller \(stranger): the container has \(known.sorted())")
        }
        var tasks: [Descriptor] = []
        do throws(CgroupError) {
            for place in places where !place.hierarchy.isUnified {
                let names = place.hierarchy.controllers
                let below = names.lazy.compactMap { sub[$0] }.first ?? sub[""] ?? ""
                tasks.append(try place.open(below: below).openFile("tasks", .writeOnly).release())
            }
            let directory = try unifiedPlace?.open(below: sub[""] ?? "")
            return CgroupEntry(directory: directory, tasks: tasks)
        } catch {
            for file in tasks { file.close() }
            throw error
        }
    }

    func add(process: Int32) throws(CgroupError) {
        for place in places { try place.open().add(process: process) }
    }

    func processes() throws(CgroupError) -> [Int32] {
        guard !places.isEmpty else { return [] }
        do { return try processPlace.open().allProcesses() } catch {
            if error.isMissing { return [] }
            throw error
        }
    }

    func signalAll(_ signal: Int32) throws(CgroupError) {
        try CgroupSignals.send(signal, manager: self)
    }

    // MARK: Freezing

    func freeze() throws(CgroupError) {
        if let place = place(of: "freezer") { return try LegacyFreezer.freeze(place.open()) }
        try UnifiedFreezer.freeze(freezerOfUnified().open())
    }

    func thaw() throws(CgroupError) {
        if let place = place(of: "freezer") { return try LegacyFreezer.thaw(place.open()) }
        try UnifiedFreezer.thaw(freezerOfUnified().open())
    }

    func isFrozen() throws(CgroupError) -> Bool {
        do {
            if let place = place(of: "freezer") { return try LegacyFreezer.isFrozen(place.open()) }
            return try unifiedPlace?.open().readIfPresent("cgroup.freeze") == "1\n"
        } catch {
            if error.isMissing { return false }
            throw error
        }
    }

    private func freezerOfUnified() throws(CgroupError) -> CgroupPlace {
        if let unifiedPlace { return unifiedPlace }
        throw CgroupError(.unavailable, "cannot freeze: no hierarchy with the controller \"freezer\" is mounted")
    }

    // MARK: Watching

    func watchMemory() throws(CgroupError) -> (any OutOfMemoryWatch)? {
        guard let directory = try place(of: "memory")?.open() else { return nil }
        return try LegacyOutOfMemoryWatch(directory)
    }

    func statistics() throws(CgroupError) -> CgroupStatistics {
        var statistics = CgroupStatistics()
        for controller in LegacyControllers.all {
            guard let place = place(of: controller.name) else { continue }
            try controller.read(from: place.open(), into: &statistics)
        }
        return statistics
    }

    func mounts(showingAll: Bool) -> [CgroupMountSource] {
        (places + refused).map { place in
            let controllers = place.hierarchy.controllers
            let name = String(place.hierarchy.mountPoint.split(separator: "/").last ?? "")
            return CgroupMountSource(
                name: name, links: controllers.count > 1 ? controllers.filter { $0 != name } : [],
                path: place.hostPath, filesystem: place.hierarchy.isUnified ? "cgroup2" : "cgroup",
                options: controllers)
        }
    }
}

// MARK: For systemd

extension LegacyManager {
    var ioAccounting: String { "BlockIOAccounting" }

    func place(below places: [String: String], besides initProcess: Int32?) throws(CgroupError) -> String {
        CgroupPath.join("/", try CgroupPlace.checked(places[""] ?? ""))
    }

    func systemdLimits(_ resources: Resources, devices: DeviceLimits, version: Int) throws(CgroupError)
        -> SystemdLimits
    {
        if resources.unified?.isEmpty == false { throw Self.noUnified }
        var current = SystemdLimits.Current()
        if let directory = try directoryIfThere("cpu") {
            current.quota = Int64(try directory.readIfPresent("cpu.cfs_quota_us")?.trimmed ?? "") ?? 0
            current.period = try directory.number("cpu.cfs_period_us") ?? 0
        }
        return try SystemdLimits(legacy: resources, devices: devices, current: current, version: version)
    }

    /// systemd denies all devices, for a moment, whenever it sets those that are allowed.
    func standingStill(_ body: () throws(CgroupError) -> Void) throws(CgroupError) {
        guard place(of: "freezer") != nil, try !isFrozen() else { return try body() }
        try freeze()
        do { try body() } catch {
            try? thaw()
            throw error
        }
        try thaw()
    }
}
