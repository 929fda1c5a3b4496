import RuntimeSpec
import SetupPlan
import Testing

@Suite("What a seccomp profile may say: config-linux.md, \"Seccomp\"")
struct SeccompCheckTests {
    private func problems(_ seccomp: Seccomp) -> [String] { refusals { $0.linux?.seccomp = seccomp } }

    private func notifying(_ name: String = "mkdir", path: String? = "/run/agent.sock") -> Seccomp {
        Seccomp(
            defaultAction: .allow, listenerPath: path,
            syscalls: [SeccompRule(names: [name], action: .notify)])
    }

    @Test("an action that returns no number has none")
    func numbers() {
        #expect(problems(Seccomp(defaultAction: .errno, defaultErrnoRet: 38)).isEmpty)
        #expect(problems(Seccomp(defaultAction: .trace, defaultErrnoRet: 1)).isEmpty)
        #expect(
            problems(Seccomp(defaultAction: .allow, defaultErrnoRet: 1))
                == ["linux.seccomp.defaultErrnoRet: SCMP_ACT_ALLOW has no number to return: remove it"])
        let rule = SeccompRule(names: ["mkdir"], action: .kill, errnoRet: 1)
        #expect(problems(Seccomp(defaultAction: .allow, syscalls: [rule])).count == 1)
    }

    @Test("a rule names at least one system call, and one of its six arguments")
    func rules() {
        #expect(
            problems(Seccomp(defaultAction: .allow, syscalls: [SeccompRule(names: [], action: .errno)]))
                == ["linux.seccomp.syscalls[0].names: must name a system call"])
        let argument = SeccompArgument(index: 6, value: 0, op: .equal)
        let rule = SeccompRule(names: ["mkdir"], action: .errno, args: [argument])
        #expect(problems(Seccomp(defaultAction: .allow, syscalls: [rule])).count == 1)
    }

    @Test("an agent needs a socket; metadata, too; without an agent the socket does not matter")
    func agent() {
        #expect(problems(notifying()).isEmpty)
        #expect(problems(notifying(path: "")) == ["linux.seccomp.listenerPath: is missing: SCMP_ACT_NOTIFY needs it"])
        #expect(problems(Seccomp(defaultAction: .allow, listenerPath: "/nowhere", listenerMetadata: "x")).isEmpty)
        #expect(problems(Seccomp(defaultAction: .allow, listenerMetadata: "x")).count == 1)
    }

    @Test("an agent cannot be asked about everything")
    func limits() {
        #expect(problems(notifying("write")).first?.contains("cannot be used for the write syscall") == true)
        let all = Seccomp(defaultAction: .notify, listenerPath: "/run/agent.sock")
        #expect(problems(all).first?.contains("cannot be used as default action") == true)
    }

    @Test("waiting only for deadly signals is about agents")
    func waiting() {
        var seccomp = notifying()
        seccomp.flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]
        #expect(problems(seccomp).isEmpty)
        #expect(problems(Seccomp(defaultAction: .allow, flags: seccomp.flags)).count == 1)
    }

    @Test("what takes more than a filter may allow is done before it")
    func before() throws {
        let steps = try plan { $0.linux?.seccomp = Seccomp(defaultAction: .allow) }.steps
        let filter = try #require(steps.firstIndex(of: .installFilter))
        #expect(try #require(steps.firstIndex(of: .enterWorkingDirectory("/"))) < filter)
        #expect(try #require(steps.firstIndex(of: .setHome(ofUser: 0))) < filter)
    }

    @Test("a filter comes as late as can be: without capabilities, and as long as the runtime is there for an agent")
    func moments() throws {
        func distance(_ seccomp: Seccomp, restrained: Bool) throws -> (toUser: Bool, toStart: Bool) {
            let steps = try plan {
                $0.linux?.seccomp = seccomp
                $0.process?.noNewPrivileges = restrained
            }.steps
            let filter = try #require(steps.firstIndex(of: .installFilter))
            let user = try #require(steps.firstIndex { if case .changeUser = $0 { true } else { false } })
            let start = try #require(steps.firstIndex(of: .awaitStart))
            return (filter < user, filter < start)
        }
        #expect(try distance(notifying(), restrained: false) == (true, true))
        #expect(try distance(notifying(), restrained: true) == (false, true))
        #expect(try distance(Seccomp(defaultAction: .allow), restrained: true) == (false, false))
    }
}
