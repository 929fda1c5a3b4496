import LinuxKernel
import RuntimeSpec
import SetupPlan
import Testing

@Suite("Steps are in the order that the specification and safety demand")
struct OrderTests {
    @Test("mounts come before the root is entered, and masks after it")
    func mountsThenRoot() throws {
        let plan = try plan {
            $0.mounts = [Mount(destination: "/proc", type: "proc", source: "proc")]
            $0.linux?.maskedPaths = ["/proc/kcore"]
            $0.linux?.readonlyPaths = ["/proc/sys"]
            $0.linux?.sysctl = ["net.ipv4.ip_forward": "1"]
        }
        let entry = try #require(plan.index(of: .enterRoot(.pivot)))
        let mount = try #require(plan.steps.firstIndex { if case .mountFilesystem = $0 { true } else { false } })
        #expect(mount < entry)
        #expect(try #require(plan.index(of: .mask("/proc/kcore"))) > entry)
        // A parameter is set before /proc/sys is made read-only.
        let parameter = try #require(plan.index(of: .setParameter(path: "net/ipv4/ip_forward", value: "1")))
        #expect(parameter < (try #require(plan.index(of: .makeReadOnly("/proc/sys")))))
    }

    @Test(
        "hooks of the runtime come when the mounts are there, those of the container before pivot_root and before exec")
    func hooks() throws {
        let hook = [Hook(path: "/bin/true")]
        let plan = try plan {
            $0.hooks = Hooks(createRuntime: hook, createContainer: hook, startContainer: hook)
        }
        let order: [SetupStep] = [
            .attachRoot, .awaitRuntimeHooks, .runHooks(.createContainer), .enterRoot(.pivot), .awaitStart,
            .runHooks(.startContainer), .execute,
        ]
        let positions = order.compactMap(plan.index)
        #expect(positions.count == order.count)
        #expect(positions == positions.sorted())
    }

    @Test("the loopback interface is raised in a new network namespace and left alone in the host's")
    func loopback() throws {
        #expect(try plan().index(of: .raiseLoopback) != nil)
        #expect(try plan { $0.linux?.namespaces = [Namespace(type: .mount)] }.index(of: .raiseLoopback) == nil)
    }

    @Test("a capability that the runtime lacks is left out with a warning, unless a user namespace gives it")
    func missingCapabilities() throws {
        func plan(_ namespaces: [Namespace]) throws -> SetupPlan {
            let configuration = configuration {
                let mapping = [IDMapping(containerID: 0, hostID: 1000, size: 1)]
                $0.process?.capabilities = Capabilities(permitted: ["CAP_KILL", "CAP_SYS_TIME"])
                $0.linux = Linux(
                    uidMappings: namespaces.count > 1 ? mapping : nil,
                    gidMappings: namespaces.count > 1 ? mapping : nil, namespaces: namespaces)
            }
            let own = CapabilitySet(rawValue: 1 << 5)
            return try SetupPlan(configuration, PlanCircumstances(id: "test", bundle: "/bundle", capabilities: own))
        }
        let host = try plan([Namespace(type: .mount)])
        #expect(host.warnings.contains { $0.contains("CAP_SYS_TIME") })
        #expect(try plan([Namespace(type: .mount), Namespace(type: .user)]).warnings.isEmpty)
    }

    @Test("the process waits for nothing that the bundle does not ask for")
    func nothingNeedless() throws {
        #expect(try !plan().waitsForRuntime)
        #expect(try !plan().needsProcessFilesystem)
        #expect(
            try plan { $0.linux?.devices = [Device(path: "/dev/x", type: "c", major: 1, minor: 3)] }.waitsForRuntime)
    }

    @Test("a seccomp filter is installed last under noNewPrivileges, and otherwise while there is still privilege")
    func seccomp() throws {
        let early = try plan { $0.linux?.seccomp = Seccomp(defaultAction: .allow) }
        let bounding = try #require(early.steps.firstIndex { if case .limitBoundingSet = $0 { true } else { false } })
        #expect(try #require(early.index(of: .installFilter)) < bounding)
        let late = try plan {
            $0.linux?.seccomp = Seccomp(defaultAction: .allow)
            $0.process?.noNewPrivileges = true
        }
        #expect(try #require(late.index(of: .installFilter)) > (try #require(late.index(of: .awaitStart))))
        #expect(late.steps.filter { $0 == .installFilter }.count == 1)
    }

    @Test("groups, user and capabilities change after everything that needs root")
    func credentials() throws {
        let plan = try plan { $0.process?.user = User(uid: 7, gid: 8, additionalGids: [9]) }
        let user = try #require(plan.steps.firstIndex { if case .changeUser = $0 { true } else { false } })
        #expect(try #require(plan.index(of: .enterRoot(.pivot))) < user)
        guard case .changeUser(let change) = plan.steps[user] else { return }
        #expect(change.groups == [9])
    }

    @Test("a read-only tmpfs is writable until devices and mount points in it are made")
    func readOnlyTmpfs() throws {
        let plan = try plan {
            $0.mounts = [Mount(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["ro", "nosuid"])]
        }
        let position = try #require(plan.steps.firstIndex { if case .mountFilesystem = $0 { true } else { false } })
        guard case .mountFilesystem(let mount) = plan.steps[position] else { return }
        #expect(mount.options.set == .noSetUserID)
        let protection = try #require(plan.index(of: .protectMount(atStep: position)))
        let device = try #require(plan.steps.lastIndex { if case .makeDevice = $0 { true } else { false } })
        #expect(protection > device)
        // Hooks, and the working directory, may still make something there.
        #expect(protection > (try #require(plan.index(of: .makeWorkingDirectory("/")))))
    }

    @Test("no-pivot and no-new-keyring change just their own steps")
    func circumstances() throws {
        let circumstances = PlanCircumstances(id: "x", bundle: "/bundle", noPivot: true, noNewKeyring: true)
        let plan = try SetupPlan(configuration(), circumstances)
        #expect(plan.index(of: .enterRoot(.move)) != nil)
        #expect(plan.index(of: .joinKeyring("_ses.x")) == nil)
    }
}

@Suite("A process that joins does what a first process does to itself, and nothing to the container")
struct JoiningTests {
    @Test("exec has neither mounts, nor a root, nor hooks")
    func steps() throws {
        let process = Process(user: User(uid: 1, gid: 1), args: ["ls"], cwd: "/tmp")
        let plan = try SetupPlan(joining: configuration().linux, process)
        #expect(plan.steps.first == .startSession)
        #expect(plan.steps.last == .execute)
        for step in plan.steps {
            switch step {
            case .attachRoot, .mountFilesystem, .enterRoot, .runHooks, .makeDevice, .mask:
                Issue.record("\(step) is for a container's first process")
            default: break
            }
        }
    }
}
