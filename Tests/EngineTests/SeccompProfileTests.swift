import LineProtocol
import RuntimeSpec
import Testing

@testable import Engine

@Suite("Seccomp profiles as docker has them")
struct SeccompProfileTests {
    private func standard(_ capabilities: [String] = defaultCapabilities, on machine: Machine = wholeMachine) -> Seccomp
    {
        SeccompProfile.standard.resolved(capabilities: Set(capabilities), machine: machine)
    }

    private func allowed(_ profile: Seccomp) -> [String] {
        (profile.syscalls ?? []).filter { $0.action == .allow && $0.args == nil }.flatMap(\.names)
    }

    @Test("the default denies what is not listed and lists nothing twice")
    func standardProfile() {
        let profile = standard()
        #expect(profile.defaultAction == .errno && profile.defaultErrnoRet == 1)
        let names = allowed(profile)
        #expect(Set(names).count == names.count)
        for name in [
            "mount", "unshare", "setns", "bpf", "keyctl", "add_key", "reboot", "kexec_load", "init_module", "clone",
            "socket",
            "personality", "io_uring_setup", "userfaultfd", "perf_event_open", "open_by_handle_at", "clone3",
        ] { #expect(!names.contains(name)) }
        #expect(names.contains("chroot") && names.contains("ptrace"))
    }

    @Test("the default opens with capabilities what the kernel opens with them")
    func capabilities() {
        for (capability, names) in [
            ("CAP_SYS_ADMIN", ["mount", "clone", "clone3", "setns", "unshare", "bpf"]),
            ("CAP_SYS_TIME", ["clock_settime"]),
            ("CAP_SYS_MODULE", ["init_module"]), ("CAP_BPF", ["bpf"]), ("CAP_SYSLOG", ["syslog"]),
            ("CAP_DAC_READ_SEARCH", ["open_by_handle_at"]), ("CAP_SYS_PTRACE", ["kcmp"]),
            ("CAP_PERFMON", ["perf_event_open"]),
        ] {
            #expect(Set(names).isSubset(of: allowed(standard([capability]))))
            #expect(Set(names).isDisjoint(with: allowed(standard([]))))
        }
        #expect(!allowed(standard([])).contains("chroot"))
        // With CAP_SYS_ADMIN no rule restricts clone any more.
        #expect(standard(["CAP_SYS_ADMIN"]).syscalls?.contains { $0.names == ["clone"] } == false)
    }

    @Test("sockets of AF_ALG and AF_VSOCK are denied, new namespaces too")
    func arguments() {
        let rules = standard().syscalls ?? []
        func isAllowed(_ family: UInt64) -> Bool {
            rules.filter { $0.names == ["socket"] }.compactMap { $0.args?.first }.contains {
                switch $0.op {
                case .less: family < $0.value
                case .greater: family > $0.value
                default: family == $0.value
                }
            }
        }
        #expect([UInt64(0), 1, 2, 10, 16, 37, 39, 41].allSatisfy(isAllowed))
        #expect(!isAllowed(38) && !isAllowed(40))
        let clone = rules.first { $0.names == ["clone"] }?.args?.first
        // clone(2): CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET.
        let bits: UInt64 = 0x20000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000
        #expect(clone?.value == bits && clone?.valueTwo == 0)
        #expect(rules.first { $0.names == ["clone3"] }?.errnoRet == 38)
    }

    @Test("a profile's rules hold by capability, architecture and kernel")
    func conditions() throws {
        let profile = try SeccompProfile(
            json: #"""
                {"defaultAction":"SCMP_ACT_ALLOW",
                "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}],
                "syscalls":[
                    {"names":["a"],"action":"SCMP_ACT_ERRNO","errnoRet":38,"args":null,"comment":"of old"},
                    {"name":"b","action":"SCMP_ACT_ERRNO","includes":{"minKernel":"4.8","caps":["CAP_CHOWN"]}},
                    {"names":["c"],"action":"SCMP_ACT_ERRNO","includes":{"minKernel":"99.1"}},
                    {"names":["d"],"action":"SCMP_ACT_ERRNO","includes":{"arches":["arm64"]}},
                    {"names":["e"],"action":"SCMP_ACT_ERRNO","excludes":{"caps":["CAP_CHOWN"]}},
                    {"names":["f"],"action":"SCMP_ACT_ERRNO","excludes":{"arches":["s390x"],"minKernel":"99.0"}}
                ]}
                """#)
        func names(_ capabilities: Set<String>) -> [[String]]? {
            profile.resolved(capabilities: capabilities, machine: wholeMachine).syscalls?.map(\.names)
        }
        #expect(names(["CAP_CHOWN"]) == [["a"], ["b"], ["f"]])
        #expect(names([]) == [["a"], ["e"], ["f"]])
        let resolved = profile.resolved(capabilities: [], machine: wholeMachine)
        #expect(resolved.architectures == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"])
    }

    @Test(
        "a profile that contradicts itself or is none is refused",
        arguments: [
            "", "[]", "{}", #"{"defaultAction":"FROB"}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO"}]}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"a","names":["b"],"action":"SCMP_ACT_ERRNO"}]}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["A"],"archMap":[{"architecture":"B"}]}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"a","action":"SCMP_ACT_LOG","includes":{"minKernel":"x"}}]}"#,
        ])
    func badProfiles(json: String) {
        let failure = #expect(throws: ProtocolFailure.self) { try SeccompProfile(json: json) }
        #expect(failure?.kind == .invalidArgument)
    }

    @Test("a profile cut short anywhere, or with any one byte another, is read or refused by name")
    func mutations() {
        let whole = Array(
            #"""
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,
            "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}],
            "syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4.8","caps":["CAP_CHOWN"]},
            "args":[{"index":1,"value":18446744073709551615,"op":"SCMP_CMP_EQ"}]}]}
            """#.utf8)
        for position in whole.indices {
            examine(Array(whole[..<position]))
            for byte in Array("\"\\{]9-.".utf8) + [0, 0xc3] {
                var changed = whole
                changed[position] = byte
                examine(changed)
            }
        }
    }

    private func examine(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(ProtocolFailure) {
            let profile = try SeccompProfile(json: text)
            _ = profile.resolved(capabilities: ["CAP_CHOWN"], machine: wholeMachine)
        } catch { #expect(error.kind == .invalidArgument, "\(text)") }
    }
}
