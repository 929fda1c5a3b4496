import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Pairs of virtual devices stand for the host's: they need no hardware and no module.
@Suite("Network devices of the host's move into the container", .leavesNothingBehind)
final class NetworkDeviceTests {
    private let scratch: Scratch
    private let ip: String
    private let name = "w\(ThisProcess.pid)a"
    private let peer = "w\(ThisProcess.pid)b"

    init() throws {
        scratch = try Scratch()
        ip = try Programs.found("ip")
        try Command(ip, ["link", "add", name, "type", "veth", "peer", "name", peer]).succeed()
    }

    /// A device that is gone with its container takes its peer along.
    deinit { _ = try? Command(ip, ["link", "del", "dev", peer]).run() }

    private func run(_ device: NetworkDevice, _ arguments: [String]) throws -> Outcome {
        let bundle = try Bundle(in: scratch, running: arguments) { $0.linux?.netDevices = [name: device] }
        return try Container(bundle, in: scratch, by: .wherry).run()
    }

    @Test("a device keeps its lasting addresses, MTU and hardware address, is up, and gets its new name")
    func move() throws {
        try Command(ip, ["link", "set", "dev", name, "up", "mtu", "1789", "address", "02:11:22:33:44:55"]).succeed()
        for address in ["169.254.169.77/32", "10.99.0.1/24", "fd00:99::1/64"] {
            try Command(ip, ["address", "add", address, "dev", name]).succeed()
        }
        try Command(ip, ["address", "add", "127.0.0.33/32", "dev", name, "scope", "host"]).succeed()
        let outcome = try run(NetworkDevice(name: "ctr0"), ["ip", "address", "show", "dev", "ctr0"])
        #expect(outcome.status == 0, "\(outcome)")
        for part in ["169.254.169.77/32", "10.99.0.1/24", "fd00:99::1/64", "mtu 1789", "02:11:22:33:44:55", ",UP"] {
            #expect(outcome.output.contains(part), "\(part): \(outcome)")
        }
        #expect(!outcome.output.contains("127.0.0.33"), "\(outcome)")
    }

    @Test("a template gets a number")
    func template() throws {
        let outcome = try run(NetworkDevice(name: "eth%d"), ["ip", "link", "show", "dev", "eth0"])
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("a name that is taken in the container is refused, and the host keeps its device")
    func taken() throws {
        let outcome = try run(NetworkDevice(name: "lo"), ["true"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("the container's network has a device lo already"), "\(outcome)")
        #expect(try Command(ip, ["link", "show", "dev", name]).run().status == 0)
    }

    @Test("a device that is not there is refused by its name")
    func missing() throws {
        let bundle = try Bundle(in: scratch, running: ["true"]) {
            $0.linux?.netDevices = ["nosuchdevice": NetworkDevice()]
        }
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("there is no network device nosuchdevice"), "\(outcome)")
    }
}
