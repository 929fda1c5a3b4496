import RuntimeSpec
import SetupPlan
import Testing

@testable import RuntimeEngine

@Suite("features tells what this runtime can do: features-linux.md")
struct FeaturesTests {
    private let linux = Features.ofThisRuntime.linux

    @Test("all of the specification's actions, operators and flags are known")
    func seccomp() {
        #expect(linux?.seccomp?.enabled == true)
        #expect(linux?.seccomp?.actions?.count == 9)
        #expect(linux?.seccomp?.operators?.count == 7)
        #expect(linux?.seccomp?.knownFlags?.count == 4)
        let (supported, known) = (linux?.seccomp?.supportedFlags ?? [], linux?.seccomp?.knownFlags ?? [])
        #expect(Set(supported).subtracting(known) == [])
    }

    @Test("every architecture that it names is accepted")
    func architectures() throws {
        let names = try #require(linux?.seccomp?.archs)
        #expect(names.contains("SCMP_ARCH_X86_64") && names.contains("SCMP_ARCH_X32"))
        for name in names { #expect(try SeccompWords.architecture(name) != 0) }
    }

    @Test("every capability that it names is accepted")
    func capabilities() throws {
        let names = try #require(linux?.capabilities)
        #expect(names.count == 41)
        var configuration = RuntimeConfiguration(ociVersion: "1.3.0", root: Root(path: "rootfs"))
        configuration.linux = Linux(namespaces: [Namespace(type: .mount)])
        configuration.process = Process(
            user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/",
            capabilities: Capabilities(bounding: names, effective: names, inheritable: names, permitted: names))
        #expect(try SetupPlan(configuration, PlanCircumstances(id: "test", bundle: "/bundle")).warnings.isEmpty)
    }

    @Test("every memory policy that it names is accepted")
    func memoryPolicies() throws {
        let policies = try #require(linux?.memoryPolicy)
        for mode in policies.modes ?? [] {
            let nodes = ["MPOL_DEFAULT", "MPOL_LOCAL"].contains(mode) ? nil : "0"
            let policy = MemoryPolicy(mode: mode, nodes: nodes, flags: policies.flags)
            var configuration = RuntimeConfiguration(ociVersion: "1.3.0", root: Root(path: "rootfs"))
            configuration.linux = Linux(namespaces: [Namespace(type: .mount)], memoryPolicy: policy)
            configuration.process = Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/")
            _ = try SetupPlan(configuration, PlanCircumstances(id: "test", bundle: "/bundle"))
        }
        #expect(policies.modes?.count == 7)
        #expect(policies.flags?.count == 3)
    }

    @Test("annotations by which a bundle reaches into systemd and CRIU are told")
    func unsafeAnnotations() {
        let names = Features.ofThisRuntime.potentiallyUnsafeConfigAnnotations
        #expect(names == ["org.systemd.property.", "org.criu.config"])
    }

    @Test("that it can checkpoint is told as runc tells it")
    func checkpoint() {
        #expect(Features.ofThisRuntime.annotations?["org.opencontainers.runc.checkpoint.enabled"] == "true")
    }

    @Test("it is enabled whether this machine has it or not")
    func switches() {
        #expect(linux?.apparmor?.enabled == true)
        #expect(linux?.selinux?.enabled == true)
        #expect(linux?.netDevices?.enabled == true)
        #expect(linux?.mountExtensions?.idmap?.enabled == true)
        #expect(linux?.intelRdt == IntelRdtFeatures(enabled: true, schemata: true, monitoring: true))
    }
}
