import LinuxKernel
import RuntimeSpec
import SetupPlan
import Testing

@Suite("Where memory comes from: config-linux.md, \"Memory policy\"")
struct MemoryPolicyTests {
    private func policy(_ mode: String?, _ nodes: String? = nil, _ flags: [String]? = nil) throws -> NodePolicy? {
        let plan = try plan { $0.linux?.memoryPolicy = MemoryPolicy(mode: mode, nodes: nodes, flags: flags) }
        for case .setMemoryPolicy(let policy) in plan.steps { return policy }
        return nil
    }

    private func problems(_ mode: String?, _ nodes: String? = nil, _ flags: [String]? = nil) -> [String] {
        refusals { $0.linux?.memoryPolicy = MemoryPolicy(mode: mode, nodes: nodes, flags: flags) }
    }

    @Test("modes and flags are those of set_mempolicy(2), nodes a mask")
    func bind() throws {
        let policy = try policy("MPOL_BIND", "0-1,9", ["MPOL_F_STATIC_NODES", "MPOL_F_NUMA_BALANCING"])
        #expect(policy?.mode == 2)
        #expect(policy?.flags == 1 << 15 | 1 << 13)
        #expect(policy?.nodes?.prefix(3) == [0b11, 0b10, 0])
    }

    @Test("a process that joins has the container's policy")
    func joins() throws {
        var linux = Linux(namespaces: [Namespace(type: .mount)])
        linux.memoryPolicy = MemoryPolicy(mode: "MPOL_LOCAL")
        let plan = try SetupPlan(joining: linux, Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/"))
        #expect(plan.steps.contains(.setMemoryPolicy(NodePolicy(mode: 4, flags: 0, nodes: nil))))
    }

    @Test("some modes have no nodes, some at least one, and one may have either")
    func counts() throws {
        for mode in ["MPOL_DEFAULT", "MPOL_LOCAL", "MPOL_PREFERRED"] { #expect(try policy(mode)?.nodes == nil) }
        #expect(problems("MPOL_DEFAULT", "0-7").first?.contains("mode requires 0 nodes but got 8") == true)
        for mode in ["MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED_MANY"] {
            #expect(problems(mode).count == 1)
            #expect(problems(mode, "0").isEmpty)
        }
    }

    @Test("what does not exist is refused")
    func unknown() {
        #expect(problems(nil) == ["linux.memoryPolicy.mode: invalid memory policy mode \"\""])
        #expect(problems("INTERLEAVE", "0") == ["linux.memoryPolicy.mode: invalid memory policy mode \"INTERLEAVE\""])
        #expect(problems("MPOL_BIND", "0", ["bad"]) == ["linux.memoryPolicy.flags: invalid memory policy flag \"bad\""])
        #expect(problems("MPOL_BIND", "0-9876543210").first?.contains("invalid memory policy node") == true)
    }
}
