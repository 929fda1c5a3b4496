import Testing

@testable import Cgroups

@Suite("v1's terms become v2's")
struct ConversionTests {
    @Test(
        "cpu shares become a weight",
        arguments: [(2, 1), (0, 1), (1024, 100), (262_144, 10_000), (512, 59), (4096, 303)])
    func shares(_ shares: UInt64, _ weight: UInt64) {
        #expect(UnifiedCPU.weight(ofShares: shares) == weight)
    }

    @Test("a block weight becomes an I/O weight", arguments: [(10, 1), (750, 7475), (1000, 10_000)])
    func blockWeight(_ old: UInt64, _ new: UInt64) {
        #expect(UnifiedIO.weight(ofBlockWeight: old) == new)
    }

    @Test("memory and swap as a sum become swap alone")
    func swap() throws {
        #expect(try UnifiedMemory.swapLimit(combined: 300, memory: 100) == 200)
        #expect(try UnifiedMemory.swapLimit(combined: 100, memory: 100) == 0)
        #expect(try UnifiedMemory.swapLimit(combined: -1, memory: 100) == -1)
        #expect(try UnifiedMemory.swapLimit(combined: 0, memory: -1) == -1)
        #expect(try UnifiedMemory.swapLimit(combined: 0, memory: 100) == nil)
        #expect(try UnifiedMemory.swapLimit(combined: 50, memory: -1) == 50)
    }

    @Test("a sum below memory, or without it, is refused", arguments: [(50, 100), (50, 0), (50, -7)])
    func impossibleSwap(_ combined: Int64, _ memory: Int64) {
        #expect(throws: CgroupError.self) { try UnifiedMemory.swapLimit(combined: combined, memory: memory) }
    }

    @Test(
        "a limit of no processes is taken for one, and one below that for none",
        arguments: [(0, "1"), (-1, "max"), (7, "7")])
    func pids(_ limit: Int64, _ text: String) {
        #expect(PidsLimit.text(limit) == text)
    }

    @Test("huge page sizes have the names that their files have")
    func hugePages() {
        #expect(HugePages.size(ofDirectory: "hugepages-2048kB") == "2MB")
        #expect(HugePages.size(ofDirectory: "hugepages-1048576kB") == "1GB")
        #expect(HugePages.size(ofDirectory: "hugepages-64kB") == "64KB")
        #expect(HugePages.size(ofDirectory: "other") == nil)
    }

    @Test("lists of CPUs are read as ranges")
    func cpuLists() {
        #expect(LegacyCpuset.ranges("0-2,5\n") == [0, 1, 2, 5])
        #expect(LegacyCpuset.ranges("\n") == [])
    }

    @Test("io.stat is told in v1's terms")
    func ioStatistics() {
        let io = UnifiedIO.statistics("8:0 rbytes=90 wbytes=29 rios=8 wios=1 dbytes=0 dios=0\n")
        #expect(io.ioServiceBytesRecursive.map(\.value) == [90, 29])
        #expect(io.ioServicedRecursive.map(\.op) == ["Read", "Write"])
    }

    @Test("blkio files are read with and without an operation, and without the grand total")
    func blkioStatistics() {
        let entries = LegacyBlkio.entries("8:0 Read 5\n8:16 7\nTotal 12\n")
        #expect(entries.map(\.op) == ["Read", ""])
        #expect(entries.map(\.minor) == [0, 16])
    }

    @Test("pressure files are read")
    func pressure() {
        let pressure = Pressure(
            "some avg10=1.50 avg60=0.25 avg300=0.00 total=42\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")
        #expect(pressure.some.avg10 == 1.5)
        #expect(pressure.some.total == 42)
        #expect(pressure.full.total == 7)
    }
}
