import Cgroups
import LinuxKernel
import RuntimeSpec
import Testing

@testable import RuntimeEngine

/// Files as resctrl has them, in a folder.
@Suite("events tells what resctrl says of a container's class")
final class ResourceControlReadingTests {
    private let root = "/tmp/wherry-resctrl-\(ThisProcess.pid)-\(monotonicTime())"
    private var group: ResourceControlGroup {
        get throws {
            try ResourceControlGroup(
                parsing: Array("{\"root\":\"\(root)\",\"path\":\"\(root)/c1\",\"isOurs\":true}".utf8))
        }
    }

    deinit { try? Descriptor.workingDirectory.removeTree(root) }

    private func write(_ files: [String: String]) throws {
        for (name, text) in files {
            let path = "\(root)/\(name)"
            let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            try Descriptor.workingDirectory.makeDirectories(folder, mode: 0o755)
            let file = try Descriptor.workingDirectory.open(path, [.writeOnly, .create], mode: 0o644)
            try file.descriptor.writeAll(text)
        }
    }

    @Test("schemas, what can be divided, and what was counted, in runc's shape")
    func everything() throws {
        try write([
            "schemata": "    MB:0=100;1=100\n    L3:0=fffff;1=fffff\n",
            "c1/schemata": "    MB:0= 20;1= 70\n    L3:0=7f0;1=1f\n",
            "info/L3/cbm_mask": "fffff\n", "info/L3/min_cbm_bits": "1\n", "info/L3/num_closids": "16\n",
            "info/MB/bandwidth_gran": "10\n", "info/MB/delay_linear": "1\n", "info/MB/min_bandwidth": "10\n",
            "info/MB/num_closids": "8\n",
            "info/L3_MON/mon_features": "llc_occupancy\nmbm_total_bytes\nmbm_local_bytes\n",
            "c1/mon_data/mon_L3_00/llc_occupancy": "111\n", "c1/mon_data/mon_L3_00/mbm_total_bytes": "222\n",
            "c1/mon_data/mon_L3_00/mbm_local_bytes": "33\n", "c1/mon_data/mon_L3_01/llc_occupancy": "4\n",
            "c1/mon_data/mon_L3_01/mbm_total_bytes": "5\n", "c1/mon_data/mon_L3_01/mbm_local_bytes": "Unavailable\n",
        ])
        let statistics = try #require(ResourceControlStatistics(group))
        let expected = """
            {"cmt_stats":[{"llc_occupancy":111},{"llc_occupancy":4}],\
            "l3_cache_info":{"cbm_mask":"fffff","min_cbm_bits":1,"num_closids":16},\
            "l3_cache_schema":"L3:0=7f0;1=1f","l3_cache_schema_root":"L3:0=fffff;1=fffff",\
            "mbm_stats":[{"mbm_local_bytes":33,"mbm_total_bytes":222},{"mbm_local_bytes":0,"mbm_total_bytes":5}],\
            "mem_bw_info":{"bandwidth_gran":10,"delay_linear":1,"min_bandwidth":10,"num_closids":8},\
            "mem_bw_schema":"MB:0= 20;1= 70","mem_bw_schema_root":"MB:0=100;1=100",\
            "schemata":["MB:0= 20;1= 70","L3:0=7f0;1=1f"]}
            """
        #expect(JSONValue(encoding: statistics).line == expected)
    }

    @Test("a machine that divides and counts nothing has the class's schemata alone; a class that is gone has nothing")
    func little() throws {
        #expect(ResourceControlStatistics(try group) == nil)
        try write(["c1/schemata": "L2:0=f\n"])
        let statistics = try #require(ResourceControlStatistics(group))
        #expect(JSONValue(encoding: statistics).line == "{\"schemata\":[\"L2:0=f\"]}")
    }
}
