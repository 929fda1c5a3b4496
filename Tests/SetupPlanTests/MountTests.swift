import LinuxKernel
import RuntimeSpec
import SetupPlan
import Testing

@Suite("Mounts are planned as config.md says")
struct MountTests {
    private func mounts(_ mounts: [Mount]) throws -> [SetupStep] {
        try plan { $0.mounts = mounts }.steps.filter { step in
            switch step {
            case .bind, .mountFilesystem, .mountCgroups, .remount: true
            default: false
            }
        }
    }

    private func bind(_ destination: String, _ source: String = "/s") throws -> BindMount? {
        let steps = try mounts([Mount(destination: destination, source: source, options: ["bind"])])
        guard case .bind(let mount) = steps.first else { return nil }
        return mount
    }

    @Test("they are in the listed order")
    func order() throws {
        let steps = try mounts([
            Mount(destination: "/a", type: "tmpfs"), Mount(destination: "/a/b", source: "/s", options: ["rbind"]),
            Mount(destination: "/a/b", options: ["remount", "bind", "ro"]),
            Mount(destination: "/sys/fs/cgroup", type: "cgroup"),
        ])
        var kinds: [String] = []
        for step in steps {
            switch step {
            case .mountFilesystem(let mount): kinds.append("new \(mount.destination)")
            case .bind(let mount): kinds.append("bind \(mount.destination)")
            case .remount(let mount): kinds.append("remount \(mount.destination)")
            default: kinds.append("cgroup")
            }
        }
        #expect(kinds == ["new /a", "bind /a/b", "remount /a/b", "cgroup"])
    }

    @Test("a destination may be relative, and is then below /; one on the host below the root means the container's")
    func destinations() throws {
        #expect(try bind("etc/hosts")?.destination == "/etc/hosts")
        #expect(try bind("/a/./b/../c/")?.destination == "/a/c")
        #expect(try bind("/../../etc")?.destination == "/etc")
        #expect(try bind("/bundle/rootfs/mnt")?.destination == "/mnt")
        #expect(try bind("/bundle/rootfsx/mnt")?.destination == "/bundle/rootfsx/mnt")
    }

    @Test("a bind mount's source is absolute, or relative to the bundle")
    func sources() throws {
        #expect(try bind("/a", "/x/y")?.source == "/x/y")
        #expect(try bind("/a", "x/y")?.source == "/bundle/x/y")
        #expect(try bind("/a", ".")?.source == "/bundle/.")
    }

    @Test("a mount over the root itself, without a destination, type or source is refused")
    func refused() {
        let bad = [
            Mount(destination: "", type: "tmpfs"), Mount(destination: "/", type: "tmpfs"),
            Mount(destination: "/bundle/rootfs", type: "tmpfs"), Mount(destination: "/a"),
            Mount(destination: "/a", options: ["bind"]),
            Mount(destination: "/a", source: "/b", options: ["bind", "size=1"]),
            Mount(destination: "/a", source: "/b", options: ["bind", "copy-symlink"]),
            Mount(destination: "/a", type: "proc", options: ["tmpcopyup"]),
        ]
        for mount in bad { #expect(!refusals { $0.mounts = [mount] }.isEmpty, "\(mount)") }
    }

    // MARK: Owners

    private let mapping = [IDMapping(containerID: 0, hostID: 1000, size: 10)]

    private func idMap(
        _ options: [String], _ users: [IDMapping]?, _ groups: [IDMapping]?, hasUserNamespace: Bool = false
    )
        throws -> MountIDMap?
    {
        let plan = try plan {
            $0.mounts = [
                Mount(
                    destination: "/a", source: "/s", options: ["bind"] + options, uidMappings: users,
                    gidMappings: groups)
            ]
            if hasUserNamespace {
                $0.linux?.namespaces?.append(Namespace(type: .user, path: "/proc/1/ns/user"))
            }
        }
        for case .bind(let mount) in plan.steps { return mount.idMap }
        return nil
    }

    @Test("idmap and ridmap take the mount's own mappings, or else those of the user namespace")
    func idMaps() throws {
        #expect(try idMap([], nil, nil) == nil)
        let own = IDMappings(users: mapping, groups: mapping)
        #expect(try idMap(["idmap"], mapping, mapping)?.mappings == own)
        #expect(try idMap(["idmap"], mapping, mapping)?.recursively == false)
        #expect(try idMap(["ridmap"], mapping, mapping, hasUserNamespace: true)?.recursively == true)
        #expect(try idMap(["ridmap"], mapping, mapping, hasUserNamespace: true)?.mappings == own)
        let implied = try #require(try idMap(["idmap"], nil, nil, hasUserNamespace: true))
        #expect(implied.mappings == nil)
    }

    @Test("mappings without either word map what is bound itself")
    func mappingsAlone() throws {
        #expect(try idMap([], mapping, mapping)?.recursively == false)
    }

    @Test("idmap without mappings and without a user namespace is refused, and so is half of the mappings")
    func halfMaps() {
        #expect(throws: SetupRefusal.self) { try idMap(["idmap"], nil, nil) }
        #expect(throws: SetupRefusal.self) { try idMap(["idmap"], mapping, nil) }
        #expect(throws: SetupRefusal.self) { try idMap([], nil, mapping, hasUserNamespace: true) }
    }

    @Test("what belongs to a user namespace from the start cannot be mapped: the kernel knows no such thing")
    func newFilesystems() throws {
        let mount = Mount(
            destination: "/a", type: "tmpfs", options: ["idmap"], uidMappings: mapping, gidMappings: mapping)
        #expect(refusals { $0.mounts = [mount] }.isEmpty)
        let reasons = refusals {
            $0.mounts = [mount]
            $0.linux?.namespaces?.append(Namespace(type: .user, path: "/x"))
        }
        #expect(reasons.count == 1)
    }
}

@Suite("Devices and the root are planned as config-linux.md says")
struct DeviceAndRootTests {
    @Test("/dev/ptmx is the container's own devpts's, whatever the configuration says")
    func ptmx() throws {
        let plan = try plan { $0.linux?.devices = [Device(path: "/dev//ptmx", type: "c", major: 5, minor: 2)] }
        #expect(plan.index(of: .makeLink(path: "/dev/ptmx", target: "pts/ptmx", .replacing)) != nil)
        let made = plan.steps.contains {
            if case .makeDevice(let node) = $0 { node.path == "/dev/ptmx" } else { false }
        }
        #expect(!made)
    }

    @Test("a configured device takes the place of the default one")
    func redundant() throws {
        let plan = try plan {
            $0.linux?.devices = [Device(path: "/dev/tty", type: "c", major: 5, minor: 0, fileMode: 0o600, uid: 7)]
        }
        let nodes = plan.steps.compactMap { if case .makeDevice(let node) = $0 { node } else { nil } }
        let terminals = nodes.filter { $0.path == "/dev/tty" }
        #expect(terminals.map(\.mode) == [0o600])
        #expect(terminals.map(\.owner) == [7])
        #expect(nodes.count == 6)
    }

    @Test("in a user namespace devices are the host's, and a FIFO is made")
    func inUserNamespace() throws {
        let plan = try plan {
            $0.linux?.namespaces?.append(Namespace(type: .user, path: "/x"))
            $0.linux?.devices = [Device(path: "/dev/pipe", type: "p")]
        }
        for case .makeDevice(let node) in plan.steps { #expect(node.bindsFromHost == (node.path != "/dev/pipe")) }
    }

    @Test("a private root without pivot_root would let the host unmount what the container does not")
    func privateRoot() {
        for word in ["private", "rprivate"] {
            let configuration = configuration { $0.linux?.rootfsPropagation = word }
            let circumstances = PlanCircumstances(id: "x", bundle: "/bundle", noPivot: true)
            #expect(throws: SetupRefusal.self) { try SetupPlan(configuration, circumstances) }
        }
    }

    @Test("the host hears of the container's mounts only if linux.rootfsPropagation says so")
    func propagation() throws {
        #expect(try plan().index(of: .setHostPropagation(.slave, recursively: true)) != nil)
        let shared = try plan { $0.linux?.rootfsPropagation = "rshared" }
        #expect(shared.index(of: .setHostPropagation(.shared, recursively: true)) != nil)
        #expect(
            try #require(shared.index(of: .setRootPropagation(.shared, recursively: true)))
                > (try #require(shared.index(of: .enterRoot(.pivot)))))
    }

    @Test("without a mount namespace the root is changed, and nothing of the host's mounts")
    func noMountNamespace() throws {
        let plan = try plan { $0.linux?.namespaces = [Namespace(type: .pid)] }
        #expect(plan.index(of: .enterRoot(.change)) != nil)
        #expect(!plan.steps.contains { if case .setHostPropagation = $0 { true } else { false } })
        let reasons = refusals {
            $0.linux?.namespaces = []
            $0.linux?.maskedPaths = ["/a"]
            $0.linux?.readonlyPaths = ["/b"]
            $0.linux?.rootfsPropagation = "shared"
        }
        #expect(reasons.count == 3)
    }

    @Test("a path is masked once, however often and however it is spelt")
    func masks() throws {
        let plan = try plan { $0.linux?.maskedPaths = ["/b", "/a", "//b/", "/a/../b"] }
        let masks = plan.steps.compactMap { if case .mask(let path) = $0 { path } else { nil } }
        #expect(masks == ["/b", "/a"])
    }

    @Test("offsets need a new time namespace: one that is joined has its own")
    func timeOffsets() {
        #expect(
            refusals {
                $0.linux?.namespaces?.append(Namespace(type: .time, path: "/proc/1/ns/time"))
                $0.linux?.timeOffsets = ["boottime": TimeOffset(secs: 1)]
            }.count == 1)
    }
}
