import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("Labels, keyrings and classes of service", .leavesNothingBehind)
struct LabelTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func run(_ arguments: [String], _ configure: (inout RuntimeConfiguration) -> Void) throws -> Outcome {
        try Container(try Bundle(in: scratch, running: arguments, configure: configure), in: scratch, by: .wherry).run()
    }

    private func isThere(_ path: String) throws -> Bool { try Descriptor.workingDirectory.exists(path) }

    @Test("an AppArmor profile is taken on where AppArmor runs, and refused where it does not")
    func appArmor() throws {
        let parameter = "/sys/module/apparmor/parameters/enabled"
        let outcome = try run(["cat", "/proc/self/attr/current"]) { $0.process?.apparmorProfile = "unconfined" }
        if try isThere(parameter), try Files.read(parameter).hasPrefix("Y") {
            #expect(outcome.output.hasPrefix("unconfined"), "\(outcome)")
            let missing = try run(["true"]) { $0.process?.apparmorProfile = "wherry-no-such-profile" }
            #expect(missing.status == 1)
            #expect(missing.errors.contains("wherry-no-such-profile"), "\(missing)")
        } else {
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("this kernel does not run AppArmor"))
        }
    }

    @Test("labels of SELinux are refused where nothing enforces them, those of mounts too")
    func seLinux() throws {
        guard try !isThere("/sys/fs/selinux/enforce") else { return }
        let label = "system_u:object_r:container_file_t:s0:c4,c5"
        let process = try run(["true"]) { $0.process?.selinuxLabel = label }
        #expect(process.errors.contains("process.selinuxLabel") && process.errors.contains("does not run SELinux"))
        let mounts = try run(["true"]) { $0.linux?.mountLabel = label }
        #expect(mounts.errors.contains("linux.mountLabel") && mounts.errors.contains("does not run SELinux"))
    }

    @Test("a class of service is refused where no resctrl is mounted")
    func resourceControl() throws {
        guard try !isThere("/sys/fs/resctrl/schemata") else { return }
        let outcome = try run(["true"]) { $0.linux?.intelRdt = IntelResourceDirector(closID: "gold") }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("Intel RDT is not enabled"), "\(outcome)")
    }

    @Test("exec has the container's session keyring, and not that of whoever calls the runtime")
    func keyring() throws {
        let bundle = try Bundle(in: scratch, running: ["sleep", "1000"]) {
            $0.linux?.maskedPaths = []
        }
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        try container.start()
        let count = ["grep", "-c", "_ses.\(container.id)", "/proc/keys"]
        let outcome = try container.command("exec", [container.id] + count).run()
        #expect(outcome.output == "1\n", "\(outcome)")
    }
}
