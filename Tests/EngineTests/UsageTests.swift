import LineProtocol
import Testing

@testable import Engine

@Suite("What a container uses")
struct UsageTests {
    private func sample(_ files: [String: String], isUnified: Bool, interfaces: String = "") -> UsageSample {
        UsageSample(at: 0, isUnified: isUnified, machineMemory: 8 << 30, interfaces: interfaces) {
            files["\($0)/\($1)"] ?? ""
        }
    }

    @Test("is read from the one hierarchy of cgroup v2")
    func unified() {
        let sample = sample(
            [
                "cpu/cpu.stat": "usage_usec 1500\nuser_usec 1000\n", "memory/memory.current": "5000\n",
                "memory/memory.stat": "anon 1\ninactive_file 1000\n", "memory/memory.max": "1048576\n",
                "io/io.stat": "8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2\n", "pids/pids.current": "3\n",
            ], isUnified: true)
        #expect(sample.processor == 1_500_000 && sample.memory == 4000 && sample.memoryLimit == 1 << 20)
        #expect(sample.read == 11 && sample.written == 22 && sample.processes == 3)
    }

    @Test("is read from the hierarchies of cgroup v1, and no limit is the machine's memory")
    func divided() {
        let sample = sample(
            [
                "cpuacct/cpuacct.usage": "1500\n", "memory/memory.usage_in_bytes": "5000\n",
                "memory/memory.stat": "inactive_file 1\ntotal_inactive_file 6000\n",
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "blkio/blkio.throttle.io_service_bytes_recursive": "8:0 Read 10\n8:0 Write 20\n8:0 Sync 30\nTotal 30\n",
                "pids/pids.current": "3\n",
            ], isUnified: false)
        #expect(sample.processor == 1500 && sample.memory == 0 && sample.memoryLimit == 8 << 30)
        #expect(sample.read == 10 && sample.written == 20 && sample.processes == 3)
    }

    @Test("has the traffic of all interfaces but the loopback, and nothing where nothing is accounted")
    func traffic() {
        let text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
                lo:     500       5    0    0    0     0          0         0      500       5
              eth0:    1000      10    0    0    0     0          0         0     2000      20
            """
        let sample = sample([:], isUnified: true, interfaces: text)
        #expect(sample.received == 1000 && sample.sent == 2000 && sample.processor == 0 && sample.processes == 0)
    }

    @Test("processors are told in percent of one, over the time between two samples")
    func percent() {
        var (first, second) = (sample([:], isUnified: true), sample([:], isUnified: true))
        #expect(second.processorPercent(since: first) == nil)
        (first.processor, second.processor, second.moment) = (100, 1_500_000_100, 1_000_000_000)
        #expect(second.processorPercent(since: first) == 150)
    }

    @Test("cgroups are found by the container's ID, whatever it made below, on either version")
    func places() {
        let list = "4:memory:/a/wherry-x1/inner\n2:cpu,cpuacct:/a/wherry-x1\n0::/b/wherry-x1/init.scope\n"
        let divided = ContainerCgroups(list, of: "x1", isUnified: false)
        #expect(divided.path("memory", "m") == "/sys/fs/cgroup/memory/a/wherry-x1/m")
        #expect(divided.path("cpuacct", "c") == "/sys/fs/cgroup/cpuacct/a/wherry-x1/c")
        #expect(divided.path("pids", "p") == nil)
        let unified = ContainerCgroups(list, of: "x1", isUnified: true)
        #expect(unified.path("memory", "m") == "/sys/fs/cgroup/b/wherry-x1/m")
    }
}
