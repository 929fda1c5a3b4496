import LineProtocol
import LinuxKernel
import RuntimeSpec
import Testing

@testable import Engine

@Suite("What a container's processes may do is what docker's options say")
struct SecurityTests {
    private func capabilities(add: [String] = [], drop: [String] = [], on machine: Machine = wholeMachine) throws
        -> [String]
    {
        let made = try configuration(on: machine) {
            $0.security.addedCapabilities = add
            $0.security.droppedCapabilities = drop
        }
        return (made.process?.capabilities?.bounding ?? []).sorted()
    }

    @Test("capabilities are added and dropped, in either case, with and without CAP_")
    func capabilityNames() throws {
        let given = try capabilities(add: ["net_admin", "CAP_SYS_PTRACE"], drop: ["Chown", "cap_kill"])
        let expected = defaultCapabilities.filter { !["CAP_CHOWN", "CAP_KILL"].contains($0) }
        #expect(given == (expected + ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"]).sorted())
        #expect(try capabilities(add: ["CHOWN"]) == defaultCapabilities.sorted())
    }

    @Test("ALL is every capability that the supervisor has itself, or none but those added")
    func allCapabilities() throws {
        #expect(try capabilities(add: ["all"]) == CapabilityNames.all.sorted())
        #expect(try capabilities(add: ["ALL"], drop: ["SYS_ADMIN"]).count == CapabilityNames.all.count - 1)
        #expect(try capabilities(drop: ["ALL"]) == [])
        #expect(try capabilities(add: ["CHOWN"], drop: ["ALL"]) == ["CAP_CHOWN"])
        #expect(try capabilities(add: ["ALL"], on: poorMachine).count == CapabilityNames.all.count - 1)
    }

    @Test("a capability that does not exist, or that nobody can give, is refused by name")
    func unknownCapability() {
        #expect(refusal { $0.security.addedCapabilities = ["FLY"] }?.message.contains("\"FLY\"") == true)
        #expect(refusal { $0.security.droppedCapabilities = ["FLY"] }?.kind == .invalidArgument)
        let scarce = refusal(on: poorMachine) { $0.security.addedCapabilities = ["SYS_RESOURCE"] }
        #expect(scarce?.kind == .notSupported && scarce?.message.contains("CAP_SYS_RESOURCE") == true)
        #expect(refusal(on: poorMachine) { $0.security.droppedCapabilities = ["SYS_RESOURCE"] } == nil)
    }

    @Test("a privileged container has all capabilities, devices and places, and no filter")
    func privileged() throws {
        let made = try configuration { $0.security.privileged = true }
        #expect(made.process?.capabilities?.effective == CapabilityNames.all)
        #expect(made.linux?.seccomp == nil)
        #expect(made.linux?.maskedPaths == [] && made.linux?.readonlyPaths == [])
        #expect(made.linux?.resources?.devices == [DeviceRule(allow: true, access: "rwm")])
        for place in ["/sys", "/sys/fs/cgroup"] {
            #expect(made.mounts?.first { $0.destination == place }?.options?.contains("ro") == false)
        }
    }

    @Test("security options are docker's")
    func options() throws {
        func make(_ options: String...) throws -> RuntimeConfiguration {
            try configuration { $0.security.options = options }
        }
        #expect(try make().process?.noNewPrivileges == false)
        for text in ["no-new-privileges", "no-new-privileges=true", "no-new-privileges:true"] {
            #expect(try make(text).process?.noNewPrivileges == true)
        }
        #expect(try make("no-new-privileges:false").process?.noNewPrivileges == false)
        #expect(try make("seccomp=unconfined").linux?.seccomp == nil)
        #expect(try make("seccomp=builtin").linux?.seccomp == make().linux?.seccomp)
        #expect(try make("systempaths=unconfined").linux?.maskedPaths == [])
        #expect(try make("apparmor=mine").process?.apparmorProfile == "mine")
        let unconfined = try configuration(on: poorMachine) { $0.security.options = ["apparmor=unconfined"] }
        #expect(unconfined.process?.apparmorProfile == nil)
        #expect(try make("label=disable").linux?.mountLabel == nil)
        let mount = try make("writable-cgroups").mounts?.first { $0.type == "cgroup" }
        #expect(mount?.options?.contains("ro") == false)
    }

    @Test(
        "what is no security option, or cannot be had, is refused by name",
        arguments: [
            "frob", "frob=1", "no-new-privileges=maybe", "label=type:x", "seccomp={", "apparmor=mine", "systempaths=x",
        ])
    func badOptions(option: String) {
        let failure = refusal(on: poorMachine) { $0.security.options = [option] }
        #expect(failure?.message.contains(option.prefix { $0 != "=" }) == true, "\(String(describing: failure))")
    }

    @Test("limits are those of getrlimit(2): the soft one at most the hard one, -1 is none, the last of a name counts")
    func limits() throws {
        let made = try configuration {
            $0.limits = [
                ProcessLimit(name: "nofile", soft: 1, hard: 2), ProcessLimit(name: "core", soft: -1, hard: -1),
                ProcessLimit(name: "nofile", soft: 100, hard: -1),
            ]
        }
        #expect(
            made.process?.rlimits == [
                ResourceLimit(type: "RLIMIT_CORE", hard: .max, soft: .max),
                ResourceLimit(type: "RLIMIT_NOFILE", hard: .max, soft: 100),
            ])
        for (name, soft, hard) in [("nofile", 2, 1), ("frob", 1, 1), ("core", -1, 5), ("core", -2, -1)] {
            let failure = refusal { $0.limits = [ProcessLimit(name: name, soft: Int64(soft), hard: Int64(hard))] }
            #expect(failure?.message.contains(name) == true)
        }
    }

    @Test("kernel parameters are those of the container's own namespaces")
    func sysctls() throws {
        let made = try configuration {
            $0.sysctls = [
                "kernel.msgmax": "65536", "net.ipv4.ip_unprivileged_port_start": "7", "fs.mqueue.msg_max": "9",
            ]
        }
        #expect(made.linux?.sysctl?["net.ipv4.ip_unprivileged_port_start"] == "7")
        #expect(made.linux?.sysctl?.count == 4)
        for name in ["vm.swappiness", "kernel.core_pattern", "kernel.hostname", "netx"] {
            #expect(refusal { $0.sysctls = [name: "1"] }?.message.contains(name) == true)
        }
        let hosts = refusal {
            $0.network = .host
            $0.sysctls = ["net.ipv4.ip_forward": "1"]
        }
        #expect(hosts?.kind == .invalidArgument)
    }

    @Test("the kernel's readiness to kill is -1000 to 1000")
    func oomScore() throws {
        #expect(try configuration { $0.oomScoreAdjustment = -500 }.process?.oomScoreAdj == -500)
        #expect(refusal { $0.oomScoreAdjustment = 1001 }?.kind == .invalidArgument)
    }

    @Test("a tmpfs is noexec, nosuid and nodev unless told otherwise, and comes before what lies below it")
    func temporaryFilesystems() throws {
        let made = try configuration {
            $0.temporaryFilesystems = ["/run": "", "/scratch": "exec,size=64m,mode=1777,size=1m"]
            $0.mounts = [.init(kind: .bind, source: "/x", target: "/run/x")]
        }
        func options(_ place: String) -> [String]? { made.mounts?.first { $0.destination == place }?.options }
        #expect(options("/run") == ["noexec", "nosuid", "nodev"])
        #expect(options("/scratch") == ["nosuid", "nodev", "exec", "mode=1777", "size=1m"])
        let places = (made.mounts ?? []).map(\.destination)
        #expect(places.suffix(3) == ["/run", "/scratch", "/run/x"])
        for (path, option) in [("/a", "frob"), ("a", ""), ("/", ""), ("/a", "size="), ("/a/..", "")] {
            #expect(refusal { $0.temporaryFilesystems = [path: option] }?.kind == .invalidArgument)
        }
        let twice = refusal {
            $0.temporaryFilesystems = ["/a/": ""]
            $0.mounts = [.init(kind: .volume, source: nil, target: "/a")]
        }
        #expect(twice?.message.contains("Duplicate") == true)
    }

    @Test("the user's mount takes the place of the usual one, and /dev that of all below it")
    func replacedMounts() throws {
        let shm = try configuration { $0.temporaryFilesystems = ["/dev/shm": "size=1g"] }
        #expect(shm.mounts?.count { $0.destination == "/dev/shm" } == 1)
        let dev = try configuration { $0.mounts = [.init(kind: .bind, source: "/dev", target: "/dev")] }
        #expect(dev.mounts?.filter { $0.destination.hasPrefix("/dev") }.map(\.destination) == ["/dev"])
    }

    @Test("a read-only root has its identity read-only too, and writable places of its own")
    func readOnly() throws {
        let made = try configuration { $0.security.readOnlyRoot = true }
        #expect(made.root?.readonly == true)
        let writable = (made.mounts ?? []).filter { !($0.options ?? []).contains("ro") }.map(\.destination)
        #expect(writable == ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue"])
    }

    @Test("devices are made in the container and allowed there; rules are docker's")
    func devices() throws {
        let fuse = try #require(
            HostDevice(try Descriptor.workingDirectory.status(of: "/dev/null"), at: "/dev/boat", access: "r"))
        let made = try configuration(Surroundings(user: User(uid: 0, gid: 0), devices: [fuse])) {
            $0.security.deviceRules = ["c 1:* rw", "b *:3 m"]
        }
        #expect(made.linux?.devices?.map(\.path) == ["/dev/boat"])
        #expect(
            made.linux?.resources?.devices?.suffix(3) == [
                DeviceRule(allow: true, type: "c", major: 1, minor: 3, access: "r"),
                DeviceRule(allow: true, type: "c", major: 1, access: "rw"),
                DeviceRule(allow: true, type: "b", minor: 3, access: "m"),
            ])
        for rule in ["", "c 1:3", "x 1:3 r", "c 1 r", "c a:3 r", "c 1:3 x", "c  1:3 r", "c 1:-3 r"] {
            #expect(refusal { $0.security.deviceRules = [rule] }?.message.contains("'\(rule)'") == true)
        }
        for device in [("/dev/null", "/x", "rwx"), ("/dev/null", "x", "r"), ("null", "/x", "r"), ("/a", "/b", "")] {
            let failure = refusal {
                $0.security.devices = [.init(source: device.0, target: device.1, access: device.2)]
            }
            #expect(failure?.kind == .invalidArgument)
        }
    }

    @Test("devices are found by themselves, below a directory, and by what a link leads to; others are refused by name")
    func hostDevices() throws {
        func find(_ path: String, as target: String = "/dev/it") throws -> [HostDevice] {
            var security = ContainerSecurity()
            security.devices = [.init(source: path, target: target, access: "rw")]
            return try HostDevices.find(for: security)
        }
        let null = try find("/dev/null")
        #expect(null.map(\.rule) == [DeviceRule(allow: true, type: "c", major: 1, minor: 3, access: "rw")])
        #expect(try find("/dev", as: "/devices").contains { $0.path == "/devices/null" })
        for path in ["/dev/none", "/etc/passwd", "/etc"] {
            let failure = #expect(throws: ProtocolFailure.self) { try find(path) }
            #expect(failure?.message.contains(path) == true)
        }
    }

    @Test("an init comes before the program")
    func initProgram() throws {
        let made = try configuration(Surroundings(user: User(uid: 0, gid: 0), initProgram: "/usr/bin/tini-static"))
        #expect(made.process?.args == ["/sbin/wherry-init", "--", "true"])
        #expect(made.mounts?.last?.source == "/usr/bin/tini-static")
    }

    @Test("what an earlier version has stored can still be read, and means the same")
    func oldRecords() throws {
        let old = try decodeJSON(ContainerSpecification.self, Array(#"{"image":"x","command":["true"]}"#.utf8))
        var new = ContainerSpecification(image: "x")
        new.command = ["true"]
        #expect(old == new)
    }
}
