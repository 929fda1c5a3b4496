internal import LinuxKernel
internal import RuntimeSpec

/// `linux.memoryPolicy`: config-linux.md, "Memory policy".
public enum MemoryPolicies {
    /// By their numbers in set_mempolicy(2).
    public static let modes = [
        "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY",
        "MPOL_WEIGHTED_INTERLEAVE",
    ]
    private static let bits: [(name: String, bit: Int32)] = [
        ("MPOL_F_NUMA_BALANCING", 1 << 13), ("MPOL_F_RELATIVE_NODES", 1 << 14), ("MPOL_F_STATIC_NODES", 1 << 15),
    ]
    public static var flags: [String] { bits.map(\.name) }

    static func steps(_ linux: Linux, _ refusals: inout Refusals) -> [SetupStep] {
        guard let policy = linux.memoryPolicy else { return [] }
        guard let mode = modes.firstIndex(of: policy.mode ?? "") else {
            refusals.invalid("linux.memoryPolicy.mode", "invalid memory policy mode \"\(policy.mode ?? "")\"")
            return []
        }
        let nodes = nodes(policy, mode: modes[mode], &refusals)
        let flags = (policy.flags ?? []).map { flag($0, &refusals) }
        return [.setMemoryPolicy(NodePolicy(mode: Int32(mode), flags: flags.reduce(0, |), nodes: nodes?.mask))]
    }

    private static func nodes(_ policy: MemoryPolicy, mode: String, _ refusals: inout Refusals) -> NumberList? {
        let member = "linux.memoryPolicy.nodes"
        let list: NumberList?
        do throws(NumberListMistake) { list = try NumberList.parse(policy.nodes ?? "") } catch {
            refusals.invalid(member, "invalid memory policy nodes \"\(policy.nodes ?? "")\": \(error)")
            return nil
        }
        switch mode {
        case "MPOL_DEFAULT", "MPOL_LOCAL":
            if let list { refusals.invalid(member, "this memory policy mode requires 0 nodes but got \(list.count)") }
        // An empty list stands for the node of whichever processor asks: set_mempolicy(2).
        case "MPOL_PREFERRED": break
        default:
            if list == nil { refusals.invalid(member, "memory policy mode \(mode) requires at least one node") }
        }
        return list
    }

    private static func flag(_ name: String, _ refusals: inout Refusals) -> Int32 {
        if let known = bits.first(where: { $0.name == name }) { return known.bit }
        refusals.invalid("linux.memoryPolicy.flags", "invalid memory policy flag \"\(name)\"")
        return 0
    }
}
