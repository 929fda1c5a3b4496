internal import LinuxKernel

/// What a new container wants of its cgroups.
public struct CgroupOrder: Hashable, Sendable {
    public let id: String
    /// `linux.cgroupsPath`: a path, or with systemd `slice:prefix:name`.
    public var path: String?
    /// Lack of permission is no error while no limit is asked for; with systemd, the user's manager is asked.
    public var isRootless: Bool
    /// systemd makes the cgroups.
    public var usesSystemd: Bool
    /// Who owns the cgroup, as the host numbers users: config-linux.md, "Cgroup ownership". cgroup v2 only.
    public var owner: UInt32?
    public var annotations: [String: String]

    public init(id: String) {
        self.id = id
        isRootless = false
        usesSystemd = false
        annotations = [:]
    }

    /// Whether a cgroup may be left out for want of permission.
    var toleratesRefusal: Bool { isRootless && path ?? "" == "" && !usesSystemd }
}

extension CgroupLayout {
    /// The manager of a new container.
    public func makeManager(_ order: CgroupOrder) throws(CgroupError) -> any CgroupManager {
        if order.usesSystemd { return try makeSystemdManager(order) }
        if legacy.isEmpty, unified == nil {
            throw CgroupError(.unavailable, "no cgroup file system is mounted: mount cgroup2 at /sys/fs/cgroup")
        }
        return fileManager(order) { hierarchy in
            hierarchy.place(of: order.path, id: order.id, isPurelyUnified: isPurelyUnified)
        }
    }

    private func fileManager(_ order: CgroupOrder, _ place: (Hierarchy) -> String) -> any FileCgroupManager {
        if isPurelyUnified, let unified {
            return UnifiedManager(
                hierarchy: unified, place: place(unified), toleratesRefusal: order.toleratesRefusal,
                owner: order.owner)
        }
        let places = (legacy + [unified].compactMap { $0 }).map { CgroupPlace(hierarchy: $0, path: place($0)) }
        return LegacyManager(places: places, toleratesRefusal: order.toleratesRefusal)
    }

    private func makeSystemdManager(_ order: CgroupOrder) throws(CgroupError) -> any CgroupManager {
        guard isPurelyUnified || !order.isRootless else {
            throw CgroupError(
                .unavailable, "cannot use rootless systemd cgroups manager on cgroup v1: leave out --systemd-cgroup")
        }
        let unit = try SystemdUnit(cgroupsPath: order.path, id: order.id, isUser: order.isRootless)
        let properties = try SystemdProperty.all(in: order.annotations)
        let helper = try SystemdHelper(isUser: unit.isUser)
        let place = CgroupPath.join(unit.isUser ? helper.controlGroup : "/", try unit.path)
        return SystemdManager(
            making: unit, properties: properties, files: fileManager(order) { _ in place }, helper: helper)
    }

    /// The manager of a container that exists, from the `paths` and the `unit` of the manager that made it. Directories
    /// whose hierarchy is not mounted any more are left out.
    public func openManager(paths: [String: String], unit: SystemdUnit? = nil) -> any CgroupManager {
        let files = openFileManager(paths: paths)
        return unit.map { SystemdManager(opening: $0, files: files) } ?? files
    }

    private func openFileManager(paths: [String: String]) -> any FileCgroupManager {
        let places = paths.compactMap { key, path -> CgroupPlace? in
            let all = legacy + [unified].compactMap { $0 }
            guard let hierarchy = all.first(where: { $0.key == key }),
                let below = CgroupPath.below(hierarchy.mountPoint, path)
            else { return nil }
            return CgroupPlace(hierarchy: hierarchy, path: below)
        }
        if isPurelyUnified, let place = places.first(where: \.hierarchy.isUnified) {
            return UnifiedManager(hierarchy: place.hierarchy, place: place.path)
        }
        return LegacyManager(places: places.sorted { $0.hierarchy.key < $1.hierarchy.key }, toleratesRefusal: false)
    }
}

/// A cgroup by its hierarchy and its path below that one's mount point.
struct CgroupPlace {
    let hierarchy: Hierarchy
    let path: String
    /// As the host names it.
    let hostPath: String
    /// Of a cgroup that we made ourselves: nobody has to look for it again.
    var made: MadeCgroup?

    init(hierarchy: Hierarchy, path: String) {
        self.hierarchy = hierarchy
        self.path = path
        hostPath = CgroupPath.join(hierarchy.mountPoint, path)
    }

    var parent: String { CgroupPath.parent(of: path) }
    var name: String { String(path.pieces(at: "/").last ?? "") }

    func open(below place: String = "") throws(CgroupError) -> CgroupDirectory {
        let place = try Self.checked(place)
        if let made { return place.isEmpty ? made.directory : try made.directory.open(place) }
        let mount = try CgroupDirectory.openMount(hierarchy.mountPoint)
        return try mount.open(CgroupPath.join(path, place))
    }

    /// `place`, unless it leads out of the cgroup that it is to be below.
    static func checked(_ place: String) throws(CgroupError) -> String {
        guard !place.pieces(at: "/").contains("..") else {
            throw CgroupError(.invalid, "bad sub cgroup path: \(place)")
        }
        return place
    }

    /// Removes the cgroup with all below it; that its parent is not there either is no error.
    func remove() throws(CgroupError) {
        guard !name.isEmpty else { return }
        if let parent = made?.parent { return try parent.removeTree(name) }
        let parent: CgroupDirectory
        do { parent = try CgroupDirectory.openMount(hierarchy.mountPoint).open(self.parent) } catch {
            if error.isMissing { return }
            throw error
        }
        try parent.removeTree(name)
    }
}
