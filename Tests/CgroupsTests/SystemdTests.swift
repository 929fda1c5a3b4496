import RuntimeSpec
import Testing

@testable import Cgroups

@Suite("What systemd is asked for")
struct SystemdTests {
    // MARK: Units

    @Test(
        "cgroupsPath is slice:prefix:name",
        arguments: [
            ("machine.slice:box:1", "box-1.scope", "machine.slice", "/machine.slice/box-1.scope"),
            ("", "wherry-id.scope", "system.slice", "/system.slice/wherry-id.scope"),
            ("a-b.slice::pod.slice", "pod.slice", "a-b.slice", "/a.slice/a-b.slice/pod.slice"),
            ("-.slice:p:n", "p-n.scope", "-.slice", "/p-n.scope"),
            (":p:n", "p-n.scope", "system.slice", "/system.slice/p-n.scope"),
        ])
    func units(_ path: String, _ name: String, _ slice: String, _ place: String) throws {
        let unit = try SystemdUnit(cgroupsPath: path, id: "id", isUser: false)
        #expect(unit.name == name)
        #expect(unit.slice == slice)
        #expect(try unit.path == place)
    }

    @Test("the user's own units are in user.slice")
    func userUnits() throws {
        #expect(try SystemdUnit(cgroupsPath: nil, id: "id", isUser: true).path == "/user.slice/wherry-id.scope")
    }

    @Test("another path is refused", arguments: ["/a/b", "a:b", "a.slice:b:", "a:b:c", "a--b.slice:c:d", ".slice:a:b"])
    func badUnits(_ path: String) {
        #expect(throws: CgroupError.self) { try SystemdUnit(cgroupsPath: path, id: "id", isUser: false) }
    }

    // MARK: Annotations

    @Test("annotations org.systemd.property.* become properties, and Sec becomes USec")
    func annotations() throws {
        let properties = try SystemdProperty.all(in: [
            "org.systemd.property.TimeoutStopSec": "uint64 5", "org.systemd.property.CollectMode": "'inactive'",
            "org.example": "x", "org.systemd.property.After": "['a.service']",
        ])
        #expect(
            properties == [
                SystemdProperty("After", .strings(["a.service"])),
                SystemdProperty("CollectMode", .string("inactive")),
                SystemdProperty("TimeoutStopUSec", .uint64(5_000_000)),
            ])
    }

    @Test(
        "annotations that cannot be properties are refused",
        arguments: [("Ab", "1"), ("A.b", "1"), ("Abc", "what"), ("AbcSec", "'five'"), ("AbcSec", "-5")])
    func badAnnotations(_ name: String, _ value: String) {
        #expect(throws: CgroupError.self) { try SystemdProperty.all(in: ["org.systemd.property." + name: value]) }
    }

    // MARK: Limits

    private func limits(
        _ resources: Resources, _ current: SystemdLimits.Current = .init(), version: Int = 252
    ) throws -> SystemdLimits {
        try SystemdLimits(unified: resources, devices: .untouched, current: current, version: version)
    }

    private func properties(_ limits: SystemdLimits) -> [String: UInt64] {
        Dictionary(
            limits.properties.compactMap { property in
                if case .uint64(let value) = property.value { (property.name, value) } else { nil }
            }, uniquingKeysWith: { $1 })
    }

    @Test("memory, processes and weight")
    func common() throws {
        let limits = try limits(
            Resources(
                memory: MemoryResources(limit: 100, reservation: 50, swap: 300), cpu: CPUResources(shares: 1024),
                pids: ProcessResources(limit: 0)))
        #expect(
            properties(limits) == [
                "MemoryMax": 100, "MemoryLow": 50, "MemorySwapMax": 200, "CPUWeight": 100, "TasksMax": 1,
            ])
    }

    @Test("no limit is infinity")
    func infinity() throws {
        let limits = try limits(
            Resources(
                memory: MemoryResources(limit: -1), cpu: CPUResources(quota: -1), pids: ProcessResources(limit: -1)))
        let infinite = ["MemoryMax", "MemorySwapMax", "CPUQuotaPerSecUSec", "TasksMax"]
        #expect(properties(limits) == Dictionary(uniqueKeysWithValues: infinite.map { ($0, .max) }))
    }

    @Test("a quota is rounded up to a hundredth of a CPU, in the cgroup too")
    func quota() throws {
        let limits = try limits(Resources(cpu: CPUResources(quota: 500_000, period: 900_000)))
        #expect(properties(limits) == ["CPUQuotaPeriodUSec": 900_000, "CPUQuotaPerSecUSec": 560_000])
        #expect(limits.resources.cpu?.quota == 504_000)
    }

    @Test("a quota that is taken away leaves the period as it was, which systemd would not")
    func endOfQuota() throws {
        let limits = try limits(Resources(cpu: CPUResources(quota: -1)), .init(quota: 25_000, period: 900_000))
        #expect(limits.resources.cpu?.quota == -1)
        #expect(limits.resources.cpu?.period == 900_000)
    }

    @Test("a period alone goes with the quota that there is")
    func period() throws {
        let limits = try limits(Resources(cpu: CPUResources(period: 50_000)), .init(quota: 25_000, period: 100_000))
        #expect(properties(limits) == ["CPUQuotaPeriodUSec": 50_000, "CPUQuotaPerSecUSec": 500_000])
        #expect(limits.resources.cpu?.quota == nil)
    }

    @Test("idle is a weight of 0, where systemd knows that, and excludes another")
    func idle() throws {
        let resources = Resources(cpu: CPUResources(shares: 200, idle: 1))
        let new = try limits(resources)
        #expect(properties(new) == ["CPUWeight": 0])
        #expect(new.warnings.count == 1)
        #expect(new.resources.cpu?.shares == nil)
        #expect(properties(try limits(Resources(cpu: CPUResources(idle: 1)), version: 249)) == [:])
    }

    @Test("cpus and mems are masks, the lowest bits first")
    func cpuset() throws {
        let limits = try limits(Resources(cpu: CPUResources(cpus: "0-1,9", mems: "0")))
        #expect(
            limits.properties == [
                SystemdProperty("AllowedCPUs", .bytes([3, 2])), SystemdProperty("AllowedMemoryNodes", .bytes([1])),
            ])
    }

    @Test("unified files have the last word, and those without a property are left to the cgroup")
    func unified() throws {
        let limits = try limits(
            Resources(
                memory: MemoryResources(limit: 100),
                unified: [
                    "memory.max": "200\n", "memory.swap.max": "max", "cpu.max": "max 50000", "pids.max": "7",
                    "io.max": "8:0 rbps=1", "cpu.weight": "42", "memory.high": "150",
                ]))
        #expect(
            properties(limits) == [
                "MemoryMax": 200, "MemorySwapMax": .max, "CPUQuotaPeriodUSec": 50_000, "CPUQuotaPerSecUSec": .max,
                "TasksMax": 7, "CPUWeight": 42, "MemoryHigh": 150,
            ])
        #expect(limits.resources.unified?["io.max"] != nil)
    }

    @Test(
        "unified files with nonsense are refused",
        arguments: [
            ("memory.max", "much"), ("cpu.max", "1 2 3"), ("cpu.max", ""), ("cpuset.cpus", "1-"), ("pids.max", "-1"),
        ])
    func badUnified(_ file: String, _ value: String) {
        #expect(throws: CgroupError.self) { try limits(Resources(unified: [file: value])) }
    }

    @Test("cgroup v1 has names of its own")
    func legacy() throws {
        let limits = try SystemdLimits(
            legacy: Resources(
                memory: MemoryResources(limit: 100, swap: 300), cpu: CPUResources(shares: 2),
                blockIO: BlockIOResources(weight: 10)), devices: .untouched, current: .init(), version: 252)
        #expect(properties(limits) == ["MemoryLimit": 100, "CPUShares": 2, "BlockIOWeight": 10])
    }

    // MARK: Devices

    @Test("device rules are a list of what is allowed")
    func devices() throws {
        let policy = try DevicePolicy(
            Resources(devices: [
                DeviceRule(allow: false, access: "rwm"),
                DeviceRule(allow: true, type: "b", major: 8, minor: 0, access: "r"),
                DeviceRule(allow: true, type: "c", major: 10, access: "rw"),
            ]))
        let properties = SystemdDevices.properties(policy)
        #expect(properties[0] == SystemdProperty("DeviceAllow", .array(of: "(ss)", [])))
        #expect(properties[1] == SystemdProperty("DevicePolicy", .string("strict")))
        guard case .array(_, let entries) = properties[2].value else { return #expect(Bool(false)) }
        for (node, access) in [("/dev/block/8:0", "r"), ("char-10", "rw"), ("char-*", "m"), ("/dev/char/1:3", "rwm")] {
            #expect(entries.contains(.structure([.string(node), .string(access)])))
        }
    }

    @Test("where all is allowed but some, systemd leaves devices to the cgroup")
    func denyList() throws {
        let policy = try DevicePolicy(Resources(devices: [DeviceRule(allow: true, access: "rwm")]))
        #expect(SystemdDevices.properties(policy).last == SystemdProperty("DevicePolicy", .string("auto")))
    }

    // MARK: The helper

    @Test("requests and answers are lines of JSON that read back")
    func exchange() throws {
        let request = SystemdRequest(
            .start, "a.scope",
            properties: [
                SystemdProperty("PIDs", .array(of: "u", [.uint32(7)])), SystemdProperty("Slice", .string("a'b")),
            ])
        let line = request.json.line
        #expect(!line.contains("\n"))
        #expect(try SystemdRequest(parsing: Array(line.utf8)) == request)
        let answer = SystemdAnswer(version: 252, controlGroup: "/")
        #expect(try SystemdAnswer(parsing: Array(answer.json.line.utf8)) == answer)
    }
}
