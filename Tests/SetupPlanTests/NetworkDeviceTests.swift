import RuntimeSpec
import SetupPlan
import Testing

@Suite("Which network devices move: config-linux.md, \"Network Devices\"")
struct NetworkDeviceTests {
    @Test("a device keeps its name unless it gets another")
    func names() throws {
        let plan = try plan { $0.linux?.netDevices = ["eth1": NetworkDevice(), "eth0": NetworkDevice(name: "lan")] }
        #expect(plan.networkDevices.map(\.name) == ["eth0", "eth1"])
        #expect(plan.networkDevices.map(\.newName) == ["lan", "eth1"])
        #expect(plan.waitsForRuntime)
    }

    @Test("a container without devices to move does not wait for that")
    func none() throws {
        let plan = try plan { $0.linux?.netDevices = [:] }
        #expect(!plan.waitsForRuntime)
    }

    @Test("two devices may share a template, and nothing else")
    func templates() throws {
        let plan = try plan {
            $0.linux?.netDevices = ["a": NetworkDevice(name: "eth%d"), "b": NetworkDevice(name: "eth%d")]
        }
        let areTemplates = plan.networkDevices.map(\.isTemplate)
        #expect(areTemplates == [true, true])
        let reasons = refusals { $0.linux?.netDevices = ["a": NetworkDevice(name: "b"), "b": NetworkDevice()] }
        #expect(reasons == ["linux.netDevices: a second device is to be named b"])
    }

    @Test(
        "what the kernel would not take for a name is refused",
        arguments: ["", ".", "..", "a/b", "a b", "a:b", "a\tb", "sixteencharacter"])
    func badNames(_ name: String) {
        #expect(refusals { $0.linux?.netDevices = [name: NetworkDevice()] }.count == 1)
    }

    @Test("a network namespace is needed")
    func namespace() {
        let reasons = refusals {
            $0.linux?.namespaces?.removeAll { $0.type == .network }
            $0.linux?.netDevices = ["eth0": NetworkDevice()]
        }
        #expect(reasons == ["linux.netDevices: needs a network namespace in linux.namespaces"])
    }
}
