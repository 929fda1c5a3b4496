import RuntimeSpec
import SetupPlan
import Testing

@Suite("What cannot be carried out is refused by name, before anything is done")
struct RefusalTests {
    @Test("members of the specification that this runtime does not know are never ignored")
    func unsupported() {
        let reasons = refusals {
            $0.vm = VirtualMachine()
        }
        #expect(reasons.count == 1)
        #expect(reasons.first?.hasPrefix("vm: ") == true)
    }

    @Test("a personality has its domain and nothing else")
    func personality() throws {
        for (domain, number) in [(PersonalityDomain.linux, UInt(0)), (.linux32, 8)] {
            #expect(
                try plan { $0.linux?.personality = .init(domain: domain) }.index(of: .setPersonality(number)) != nil)
        }
        #expect(
            try plan { $0.linux?.personality = .init(domain: .linux, flags: []) }.index(of: .setPersonality(0)) != nil)
        let reasons = refusals { $0.linux?.personality = .init(domain: .linux32, flags: ["ADDR_NO_RANDOMIZE"]) }
        #expect(reasons == ["linux.personality.flags: there are no flags in this version of the specification"])
    }

    @Test("all reasons are told at once")
    func all() {
        let reasons = refusals {
            $0.process?.args = []
            $0.process?.cwd = "here"
            $0.root?.path = ""
        }
        #expect(reasons.count == 3)
    }

    @Test("of a million reasons the first ones are told, and how many more there are (hostile-config)")
    func many() {
        do throws(SetupRefusal) {
            _ = try plan { $0.process?.env = Array(repeating: "no name", count: 1_000_000) }
            Issue.record("not refused")
        } catch {
            #expect(error.description.hasPrefix("process.env[0]: "))
            #expect(error.description.hasSuffix("; and \(1_000_000 - error.reasons.count) more"))
            #expect(error.description.utf8.count < 10_000)
        }
    }

    @Test("the number that stands for nobody is no user, group or supplementary group (uid-overflow)")
    func nobody() {
        #expect(refusals { $0.process?.user.uid = .max } == ["process.user.uid: 4294967295 is not a user"])
        #expect(refusals { $0.process?.user.gid = .max }.count == 1)
        #expect(refusals { $0.process?.user.additionalGids = [1, .max] }.count == 1)
    }

    @Test(
        "a kernel parameter that would change the host is refused, however it is spelt",
        arguments: [
            "kernel.core_pattern", "vm.swappiness", "net/../kernel/core_pattern", "net.//../x", "net..x", "fs.file-max",
            "kernel/core_pattern", "",
        ])
    func parameters(_ name: String) {
        #expect(refusals { $0.linux?.sysctl = [name: "1"] }.count == 1)
    }

    @Test("a kernel parameter of a namespace that the container shares is refused")
    func sharedParameters() {
        let reasons = refusals {
            $0.linux?.namespaces?.removeAll { $0.type == .network }
            $0.linux?.sysctl = ["net.ipv4.ip_forward": "1"]
        }
        #expect(reasons == ["linux.sysctl: net.ipv4.ip_forward needs a namespace of its own in linux.namespaces"])
    }

    @Test("a host name needs a uts namespace, mappings a user namespace, offsets a time namespace")
    func namespaces() {
        #expect(
            refusals {
                $0.linux?.namespaces?.removeAll { $0.type == .uts }
                $0.hostname = "x"
            } == ["hostname: needs a uts namespace in linux.namespaces"])
        let mapping = [IDMapping(containerID: 0, hostID: 1000, size: 1)]
        #expect(refusals { $0.linux?.uidMappings = mapping }.count == 1)
        #expect(refusals { $0.linux?.namespaces?.append(Namespace(type: .user)) }.count == 1)
        #expect(refusals { $0.linux?.timeOffsets = ["boottime": TimeOffset(secs: 1)] }.count == 1)
        #expect(refusals { $0.linux?.namespaces?.append(Namespace(type: .pid)) }.count == 1)
    }

    @Test("limits, hooks and devices that do not exist are refused by their place")
    func details() {
        let limit = ResourceLimit(type: "RLIMIT_NOFILE", hard: 1, soft: 2)
        #expect(
            refusals { $0.process?.rlimits = [limit] }
                == ["process.rlimits[0]: the soft limit 2 is above the hard limit 1"])
        #expect(refusals { $0.hooks = Hooks(poststop: [Hook(path: "x")]) }.count == 1)
        #expect(refusals { $0.hooks = Hooks(poststop: [Hook(path: "/x", timeout: 0)]) }.count == 1)
        #expect(refusals { $0.linux?.devices = [Device(path: "/dev/x", type: "z")] }.count == 1)
        #expect(refusals { $0.linux?.rootfsPropagation = "often" }.count == 1)
    }

    @Test("a capability that does not exist is left out with a warning: config.md, \"Linux Process\"")
    func unknownCapability() throws {
        let plan = try plan { $0.process?.capabilities = Capabilities(bounding: ["CAP_FLY", "CAP_KILL"]) }
        #expect(plan.warnings == ["process.capabilities.bounding: there is no capability \"CAP_FLY\": left out"])
    }

    @Test("what lacks support is told apart from what is wrong")
    func kinds() throws {
        #expect(throws: SetupRefusal.self) { try plan { $0.vm = VirtualMachine() } }
        do throws(SetupRefusal) { _ = try plan { $0.vm = VirtualMachine() } } catch { #expect(error.isLackOfSupport) }
        do throws(SetupRefusal) { _ = try plan { $0.process?.args = nil } } catch { #expect(!error.isLackOfSupport) }
    }
}
