import Harness
import LinuxKernel
import Testing

/// What dockerd and wherryd tell their runtime to do for the same options, held against each other.
@Suite("A container is confined as docker confines it", .leavesNothingBehind)
struct DockerProfileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// What moby has allowed since Debian 12's docker, and what it has taken back.
    private static let allowedSince: Set<String> = [
        "cachestat", "clock_settime64", "fchmodat2", "futex_requeue", "futex_wait", "futex_wake", "getxattrat",
        "listmount",
        "listxattrat", "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "map_shadow_stack", "mseal",
        "name_to_handle_at", "pkey_alloc", "pkey_free", "pkey_mprotect", "process_vm_readv", "process_vm_writev",
        "removexattrat", "riscv_hwprobe", "set_mempolicy_home_node", "setxattrat", "statmount", "uretprobe",
    ]
    /// Sockets are allowed by family now.
    private static let takenBack: Set<String> = ["io_uring_enter", "io_uring_register", "io_uring_setup", "socket"]

    /// A runtime that keeps the configuration of the last bundle.
    private func recorder(_ name: String) throws -> (path: String, record: String) {
        let record = scratch("\(name).json")
        let script = """
            #!/bin/sh
            before=
            for word; do
                [ "$before" = --bundle ] && cp "$word/config.json" '\(record)'
                before=$word
            done
            exec '\(try Programs.ours("wherry-runtime"))' "$@"
            """
        return (try scratch.file(name, script + "\n", mode: 0o755), record)
    }

    private func list(_ query: String, _ file: String) throws -> [String] {
        try Command("jq", ["--raw-output", "[\(query)] | unique | .[]", file]).run().lines.sorted()
    }

    @Test("capabilities, system calls, hidden and read-only places are docker's")
    func configurations() throws {
        let (dockers, ours) = (try recorder("dockers"), try recorder("ours"))
        let docker = try Docker(in: scratch, runtime: dockers.path)
        let supervisor = try Supervisor(in: Scratch(), options: ["--runtime", ours.path])
        try supervisor.importBusybox()
        for options in [
            [], ["--cap-add", "SYS_ADMIN"], ["--cap-add", "SYS_PTRACE", "--cap-drop", "SYS_CHROOT"],
            ["--cap-drop", "ALL"],
            ["--cap-add", "ALL"], ["--privileged"], ["--security-opt", "seccomp=unconfined"], ["--read-only"],
        ] {
            try docker.command(["run", "--rm", "--network", "none"] + options + ["busybox", "true"]).succeed()
            try supervisor.wherry(["run", "--rm"] + options + ["busybox", "true"]).succeed()
            let everything =
                options.contains("ALL") && options.contains("--cap-add") || options.contains("--privileged")
            // Of all capabilities docker asks for those that it knows by name, whether it has them or not.
            for set in everything ? [] : ["bounding", "effective", "permitted"] {
                let query = ".process.capabilities.\(set) // [] | .[]"
                #expect(try list(query, dockers.record) == list(query, ours.record), "\(options) \(set)")
            }
            let calls = """
                .linux.seccomp.syscalls // [] | .[] | select(.action == "SCMP_ACT_ALLOW" and (.args // []) == []) | .names[]
                """
            let (theirs, mine) = (Set(try list(calls, dockers.record)), Set(try list(calls, ours.record)))
            #expect(theirs.subtracting(mine).subtracting(Self.takenBack).sorted() == [], "\(options)")
            #expect(mine.subtracting(theirs).subtracting(Self.allowedSince).sorted() == [], "\(options)")
            #expect(theirs.isEmpty == mine.isEmpty, "\(options)")
            let readOnly = ".linux.readonlyPaths // [] | .[]"
            #expect(try list(readOnly, dockers.record) == list(readOnly, ours.record), "\(options)")
            let masked = ".linux.maskedPaths // [] | .[]"
            #expect(Set(try list(masked, dockers.record)).isSubset(of: try list(masked, ours.record)), "\(options)")
            let writable = """
                .mounts[] | select(.type != "bind" and (.options | index("ro") | not)) | .destination
                """
            #expect(try list(writable, dockers.record) == list(writable, ours.record), "\(options)")
            let devices = ".linux.resources.devices[] | select(.allow) | [.type, .major, .minor, .access] | tostring"
            let rules = (Set(try list(devices, dockers.record)), Set(try list(devices, ours.record)))
            #expect(rules.0.isSubset(of: rules.1), "\(options) \(rules)")
        }
    }
}
