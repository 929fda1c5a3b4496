import LineProtocol
import RuntimeSpec
import Testing

@testable import Engine

@Suite("Limits of a container are what docker makes of them")
struct ResourceRuleTests {
    private func limits(on machine: Machine = wholeMachine, _ change: (inout ContainerResources) -> Void) throws
        -> Resources
    {
        let made = try configuration(on: machine) { change(&$0.resources) }
        return try #require(made.linux?.resources)
    }

    private func refused(on machine: Machine = wholeMachine, _ change: (inout ContainerResources) -> Void) -> String {
        refusal(on: machine) { change(&$0.resources) }?.message ?? "not refused"
    }

    @Test("without options there is no limit")
    func none() throws {
        let made = try limits { _ in }
        #expect(made.memory == nil && made.cpu == nil && made.pids == nil && made.blockIO == nil)
    }

    @Test("memory and swap together are twice the memory, where the kernel accounts for swap, unless told otherwise")
    func memory() throws {
        #expect(try limits { $0.memory = 64 << 20 }.memory == MemoryResources(limit: 64 << 20, swap: 128 << 20))
        #expect(try limits(on: poorMachine) { $0.memory = 64 << 20 }.memory == MemoryResources(limit: 64 << 20))
        let both = try limits {
            ($0.memory, $0.memorySwap, $0.memoryReservation) = (64 << 20, -1, 32 << 20)
        }
        #expect(both.memory == MemoryResources(limit: 64 << 20, reservation: 32 << 20, swap: -1))
        let legacy = try limits(on: poorMachine) {
            ($0.memorySwappiness, $0.outOfMemoryKillerIsOff) = (10, true)
        }
        #expect(legacy.memory == MemoryResources(swappiness: 10, disableOOMKiller: true))
    }

    @Test("memory that contradicts itself, or that no kernel can limit so, is refused by name")
    func badMemory() {
        #expect(refused { $0.memory = 1 << 20 }.contains("--memory:"))
        #expect(refused { $0.memorySwap = 64 << 20 }.contains("--memory-swap"))
        #expect(refused { ($0.memory, $0.memorySwap) = (64 << 20, 32 << 20) }.contains("--memory-swap"))
        #expect(refused { ($0.memory, $0.memoryReservation) = (64 << 20, 65 << 20) }.contains("--memory-reservation"))
        #expect(refused { $0.memorySwappiness = 5 }.contains("cgroup v2"))
        #expect(refused(on: poorMachine) { $0.memorySwappiness = 101 }.contains("0 to 100"))
        #expect(refused { $0.outOfMemoryKillerIsOff = true }.contains("--oom-kill-disable"))
        let swap = refused(on: poorMachine) { ($0.memory, $0.memorySwap) = (64 << 20, 128 << 20) }
        #expect(swap.contains("account for swap"))
    }

    @Test("--cpus is a quota of periods of a tenth of a second")
    func processors() throws {
        #expect(try limits { $0.nanoCPUs = 1_500_000_000 }.cpu == CPUResources(quota: 150_000, period: 100_000))
        #expect(try limits { $0.nanoCPUs = 10_000_000 }.cpu == CPUResources(quota: 1000, period: 100_000))
        let all = try limits {
            ($0.cpuShares, $0.cpuPeriod, $0.cpuQuota, $0.cpusetCPUs, $0.cpusetMemoryNodes) = (
                512, 50_000, -1, "0-1", "0"
            )
        }
        #expect(all.cpu == CPUResources(shares: 512, quota: -1, period: 50_000, cpus: "0-1", mems: "0"))
        #expect(refused { $0.nanoCPUs = 5_000_000_000 }.contains("only 4 CPUs"))
        #expect(refused { ($0.nanoCPUs, $0.cpuQuota) = (1_000_000_000, 50_000) }.contains("--cpus"))
        #expect(refused { $0.cpuPeriod = 1 }.contains("--cpu-period"))
        #expect(refused { $0.cpuQuota = 1 }.contains("--cpu-quota"))
    }

    @Test("processes, and block I/O by weight and by rates of devices that are found")
    func others() throws {
        #expect(try limits { $0.processes = 7 }.pids?.limit == 7)
        #expect(try limits { $0.processes = 0 }.pids?.limit == -1)
        #expect(try limits { $0.blockWeight = 300 }.blockIO?.weight == 300)
        #expect(refused { $0.blockWeight = 5 }.contains("10 to 1000"))
        #expect(refused(on: poorMachine) { $0.blockWeight = 300 }.contains("--blkio-weight"))
        for path in ["/dev/null", "/none"] {
            var resources = ContainerResources()
            resources.readBytes = [.init(path: path, number: 1)]
            let failure = #expect(throws: ProtocolFailure.self) { try DeviceNumbers(of: resources) }
            #expect(failure?.message.contains(path) == true)
        }
    }

    @Test("/dev/shm has the size that it was given, and the cgroup its parent")
    func places() throws {
        let made = try configuration {
            $0.sharedMemorySize = 1 << 20
            $0.cgroupParent = "boats/small/"
        }
        #expect(made.mounts?.first { $0.destination == "/dev/shm" }?.options?.last == "size=1048576")
        #expect(made.linux?.cgroupsPath?.hasPrefix("/boats/small/wherry-aaa") == true)
        for parent in ["/", "..", "/a/../b", "a/./b"] {
            #expect(refusal { $0.cgroupParent = parent }?.message.contains(parent) == true)
        }
    }

    @Test("an update changes what it names and keeps the rest")
    func update() {
        var old = ContainerResources()
        (old.memory, old.processes) = (64 << 20, 5)
        var changes = ContainerResources()
        (changes.memory, changes.cpuShares) = (128 << 20, 2)
        let new = old.updated(by: changes)
        #expect(new.memory == 128 << 20 && new.processes == 5 && new.cpuShares == 2)
        #expect(old.updated(by: ContainerResources()) == old)
    }
}
