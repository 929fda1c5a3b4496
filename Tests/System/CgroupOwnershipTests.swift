import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("config-linux.md, Cgroup ownership", .leavesNothingBehind)
struct CgroupOwnershipTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// The owner, as the host numbers users, of the cgroup of a container in a user namespace from 100000 on.
    private func owner(isWritable: Bool, hasNamespace: Bool) throws -> UInt32 {
        let bundle = try Bundle(in: scratch, named: "\(isWritable)-\(hasNamespace)", running: ["sleep", "1000"]) {
            let mapping = IDMapping(containerID: 0, hostID: 100_000, size: 65_536)
            $0.linux?.uidMappings = [mapping]
            $0.linux?.gidMappings = [mapping]
            $0.linux?.namespaces?.removeAll { $0.type == .cgroup }
            $0.linux?.namespaces?.append(Namespace(type: .user))
            if hasNamespace { $0.linux?.namespaces?.append(Namespace(type: .cgroup)) }
            for index in ($0.mounts ?? []).indices where $0.mounts?[index].type == "cgroup" && isWritable {
                $0.mounts?[index].options?.removeAll { $0 == "ro" }
            }
        }
        try Command("chown", ["100000:100000", bundle.rootfs]).succeed()
        for folder in [bundle.path, scratch.path] { try Command("chmod", ["755", folder]).succeed() }
        let container = try Container(bundle, in: scratch, by: .wherry)
        let outcome = try container.create()
        try #require(outcome.status == 0, "\(outcome)")
        let pid = try #require(try container.pid)
        let line = try Files.read("/proc/\(pid)/cgroup").split(separator: "\n").last ?? ""
        let place = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)[2]
        let mount = try Machine.hasUnifiedCgroups ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified"
        return try Descriptor.workingDirectory.status(of: mount + place).owner
    }

    @Test("only with cgroup v2, a cgroup namespace and a writable mount is the cgroup the container's own")
    func ownership() throws {
        let isUnified = try Machine.hasUnifiedCgroups
        #expect(try owner(isWritable: true, hasNamespace: true) == (isUnified ? 100_000 : 0))
        #expect(try owner(isWritable: false, hasNamespace: true) == 0)
        #expect(try owner(isWritable: true, hasNamespace: false) == 0)
    }
}
