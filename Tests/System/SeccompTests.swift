import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("A container's processes are under its seccomp filter", .leavesNothingBehind)
struct SeccompTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private let noDirectories = Seccomp(
        defaultAction: .allow,
        architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64"],
        syscalls: [SeccompRule(names: ["mkdir", "mkdirat", "no_such_call"], action: .errno, errnoRet: 28)])

    private func bundle(_ seccomp: Seccomp?, noNewPrivileges: Bool, running arguments: [String]) throws -> Bundle {
        try Bundle(in: scratch, named: "bundle-\(noNewPrivileges)", running: arguments) {
            $0.linux?.seccomp = seccomp
            $0.process?.noNewPrivileges = noNewPrivileges
        }
    }

    @Test("a call that the profile denies fails with its errno", arguments: [true, false])
    func denied(_ noNewPrivileges: Bool) throws {
        let bundle = try bundle(
            noDirectories, noNewPrivileges: noNewPrivileges, running: ["sh", "-c", "mkdir /tmp/x || touch /tmp/y"])
        for (name, outcome) in try runByAll(bundle, in: scratch) {
            #expect(outcome.status == 0, "\(name): \(outcome)")
            #expect(outcome.errors.contains("No space left on device"), "\(name): \(outcome)")
        }
    }

    @Test("exec is under it too, with capabilities and without")
    func exec() throws {
        let bundle = try bundle(noDirectories, noNewPrivileges: false, running: ["sleep", "1000"])
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        try container.start()
        for options in [[], ["--user", "1000:1000"]] {
            let outcome = try container.command("exec", options + [container.id, "mkdir", "/tmp/x"]).run()
            #expect(outcome.errors.contains("No space left on device"), "\(outcome)")
        }
    }

    @Test("a process that is killed for a call ends by SIGSYS")
    func killed() throws {
        let profile = Seccomp(
            defaultAction: .allow, syscalls: [SeccompRule(names: ["mkdir", "mkdirat"], action: .killProcess)])
        let bundle = try bundle(profile, noNewPrivileges: true, running: ["sh", "-c", "mkdir /tmp/x; echo $?"])
        for (name, outcome) in try runByAll(bundle, in: scratch) {
            #expect(outcome.output == "159\n", "\(name): \(outcome)")
        }
    }

    @Test("a profile that cannot be carried out stops the container, and names what is wrong")
    func refused() throws {
        let profile = Seccomp(defaultAction: .allow, flags: ["SECCOMP_FILTER_FLAG_NONSENSE"])
        let bundle = try bundle(profile, noNewPrivileges: true, running: ["true"])
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("SECCOMP_FILTER_FLAG_NONSENSE"), "\(outcome)")
    }
}
