import Testing

@testable import Shim

@Suite("What the kernel tells of a want of memory")
struct MemoryEventTests {
    @Test("kills are counted in the files of both versions of cgroups")
    func kills() {
        #expect(MemoryEvents.kills("low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n") == 2)
        #expect(MemoryEvents.kills("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n") == 7)
        #expect(MemoryEvents.kills("") == 0)
    }

    @Test("the cgroup of memory is the controller's own, or the unified one")
    func places() {
        let hybrid = MemoryEvents.places(cgroups: "5:cpu,cpuacct:/a\n4:memory:/b:c\n0::/d\n")
        #expect(hybrid.map(\.path) == ["/sys/fs/cgroup/memory/b:c", "/sys/fs/cgroup/d"])
        #expect(hybrid.map(\.isUnified) == [false, true])
        #expect(MemoryEvents.places(cgroups: "0::/\n").map(\.path) == ["/sys/fs/cgroup/"])
    }
}
