internal import CLinux

/// A BPF program in the kernel that allows or denies a cgroup's access to devices: bpf(2),
/// `BPF_PROG_TYPE_CGROUP_DEVICE`.
public struct DeviceProgram: ~Copyable {
    let descriptor: OwnedDescriptor

    /// Hands the kernel's verifier `instructions`, each as the eight bytes of a `struct bpf_insn`.
    public init(loading instructions: [UInt64]) throws(SystemError) {
        let answer = cl_bpf_load_device_program(instructions, UInt32(instructions.count))
        descriptor = OwnedDescriptor(owning: try checked(answer, "bpf BPF_PROG_LOAD"))
    }

    private init(id: UInt32) throws(SystemError) {
        descriptor = OwnedDescriptor(owning: try checked(cl_bpf_program_by_id(id), "bpf BPF_PROG_GET_FD_BY_ID"))
    }

    /// Makes this the only program of ours on `cgroup`, the descriptor of a cgroup v2 directory. A single old one is
    /// replaced at once, so that there is never a moment without a program.
    public func replaceAll(on cgroup: Descriptor) throws(SystemError) {
        let old = try Self.attached(to: cgroup)
        if old.count == 1, let program = try? DeviceProgram(id: old[0]) {
            try attach(to: cgroup, replacing: program.descriptor.number)
            return
        }
        try attach(to: cgroup, replacing: -1)
        for id in old {
            // One that a security module hides from us can only restrict further.
            guard let program = try? DeviceProgram(id: id) else { continue }
            try checked(
                cl_bpf_detach_device_program(cgroup.number, program.descriptor.number), "bpf BPF_PROG_DETACH")
        }
    }

    private func attach(to cgroup: Descriptor, replacing old: CInt) throws(SystemError) {
        try checked(cl_bpf_attach_device_program(cgroup.number, descriptor.number, old), "bpf BPF_PROG_ATTACH")
    }

    private static func attached(to cgroup: Descriptor) throws(SystemError) -> [UInt32] {
        // The kernel attaches at most 64 programs to a cgroup.
        var ids = [UInt32](repeating: 0, count: 64)
        let count = try checked(cl_bpf_query_device_programs(cgroup.number, &ids, 64), "bpf BPF_PROG_QUERY")
        return Array(ids.prefix(Int(count)))
    }
}
