import LineProtocol
import RuntimeSpec
import Testing

@testable import Engine

@Suite("Whose namespaces a container has is what docker's options say")
struct NamespaceModeTests {
    private func make(
        on machine: Machine = wholeMachine, _ change: (inout ContainerSpecification) -> Void = { _ in }
    ) throws -> RuntimeConfiguration {
        var surroundings = Surroundings(user: User(uid: 0, gid: 0))
        surroundings.joined.paths = [.pid: "/proc/7/ns/pid", .ipc: "/proc/7/ns/ipc", .network: "/proc/7/ns/net"]
        surroundings.joined.sharedMemory = "/state/other/shm"
        surroundings.joined.identity = ContainerPaths(lasting: "/root/other", bundle: "/state/other")
        return try configuration(surroundings, on: machine, change)
    }

    private func types(_ made: RuntimeConfiguration) -> [NamespaceType] {
        (made.linux?.namespaces ?? []).map(\.type).sorted { $0.rawValue < $1.rawValue }
    }

    private func mount(_ place: String, _ made: RuntimeConfiguration) -> Mount? {
        made.mounts?.last { $0.destination == place }
    }

    @Test("they are its own, that of cgroups with cgroup v2")
    func own() throws {
        #expect(try types(make()) == [.cgroup, .ipc, .mount, .network, .pid, .uts])
        #expect(try types(make(on: poorMachine)) == [.ipc, .mount, .network, .pid, .uts])
        #expect(try make().linux?.namespaces?.allSatisfy { $0.path == nil } == true)
    }

    @Test("host is that of the machine")
    func host() throws {
        #expect(try !types(make { $0.namespaces.pid = "host" }).contains(.pid))
        let ipc = try make { $0.namespaces.ipc = "host" }
        #expect(!types(ipc).contains(.ipc))
        #expect(mount("/dev/shm", ipc)?.source == "/dev/shm")
        let uts = try make { $0.namespaces.uts = "host" }
        #expect(!types(uts).contains(.uts) && uts.hostname == nil)
        #expect(try !types(make { $0.namespaces.cgroup = "host" }).contains(.cgroup))
        #expect(try types(make(on: poorMachine) { $0.namespaces.cgroup = "private" }).contains(.cgroup))
        #expect(try types(make { $0.namespaces.user = "host" }) == types(make()))
    }

    @Test("container is that of another, with its shared memory and its names")
    func containers() throws {
        let made = try make {
            $0.namespaces.pid = "container:x"
            $0.namespaces.ipc = "container:x"
            $0.network = .container("x")
        }
        let paths = (made.linux?.namespaces ?? []).compactMap(\.path)
        #expect(paths.sorted() == ["/proc/7/ns/ipc", "/proc/7/ns/net", "/proc/7/ns/pid"])
        #expect(mount("/dev/shm", made)?.source == "/state/other/shm")
        #expect(mount("/etc/hosts", made)?.source == "/root/other/hosts")
        #expect(made.linux?.sysctl == nil)
    }

    @Test("shareable memory lies outside of the container, and none is none")
    func sharedMemory() throws {
        #expect(try mount("/dev/shm", make { $0.namespaces.ipc = "shareable" })?.source == "/state/c/shm")
        #expect(try mount("/dev/shm", make { $0.namespaces.ipc = "private" })?.type == "tmpfs")
        let none = try make { $0.namespaces.ipc = "none" }
        #expect(mount("/dev/shm", none) == nil && types(none).contains(.ipc))
    }

    @Test("an init is for those who are the first of their processes")
    func initProgram() throws {
        var surroundings = Surroundings(user: User(uid: 0, gid: 0))
        surroundings.initProgram = "/usr/bin/tini-static"
        let made = try configuration(surroundings) { $0.namespaces.pid = "host" }
        #expect(made.process?.args == ["true"])
    }

    @Test("what cannot be had is refused by name")
    func refusals() {
        func message(_ change: (inout ContainerSpecification) -> Void) -> String {
            refusal(change)?.message ?? "not refused"
        }
        #expect(message { $0.namespaces.pid = "frob" }.contains("--pid: invalid mode: 'frob'"))
        #expect(message { $0.namespaces.pid = "container:" }.contains("--pid"))
        #expect(message { $0.namespaces.ipc = "frob" }.contains("--ipc"))
        #expect(message { $0.namespaces.uts = "private" }.contains("--uts"))
        #expect(message { $0.namespaces.user = "private" }.contains("--userns"))
        #expect(message { $0.namespaces.cgroup = "container:x" }.contains("--cgroupns"))
        let network: (inout ContainerSpecification) -> Void = { ($0.network, $0.hostname) = (.container("x"), "me") }
        #expect(message(network).contains("conflicting options: hostname"))
        #expect(message { ($0.namespaces.uts, $0.hostname) = ("host", "me") }.contains("UTS"))
        #expect(message { ($0.namespaces.ipc, $0.sysctls) = ("host", ["kernel.msgmax": "1"]) }.contains("IPC"))
        #expect(ContainerSpecification.Network(rawValue: "frob") == nil)
    }
}
