import Harness
import LinuxKernel
import Testing

@Suite("Namespaces are the container's own, the host's, or another container's", .leavesNothingBehind)
struct NamespaceOptionTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    @Test("the host's", arguments: ["pid", "ipc", "uts"])
    func host(_ kind: String) throws {
        let link = "/proc/self/ns/\(kind)"
        let hosts = try Command("readlink", [link]).succeed()
        let shared = try supervisor.wherry("run", "--rm", "--\(kind)", "host", "busybox", "readlink", link).succeed()
        #expect(shared == hosts)
        #expect(try supervisor.wherry("run", "--rm", "busybox", "readlink", link).succeed() != hosts)
    }

    @Test("cgroups by --cgroupns, and the host's shared memory by --ipc")
    func cgroups() throws {
        func cgroup(_ mode: String) throws -> String {
            try supervisor.wherry("run", "--rm", "--cgroupns", mode, "busybox", "cat", "/proc/self/cgroup").succeed()
        }
        #expect(try cgroup("host").contains("wherry-") && !cgroup("private").contains("wherry-"))
        let name = "wherry-test-\(ThisProcess.pid)"
        defer { try? Descriptor.workingDirectory.removeFile("/dev/shm/\(name)") }
        try supervisor.wherry("run", "--rm", "--ipc", "host", "busybox", "touch", "/dev/shm/\(name)").succeed()
        #expect(Files.exists("/dev/shm/\(name)"))
        #expect(try supervisor.wherry("run", "--rm", "--ipc", "none", "busybox", "ls", "/dev/shm").run().status != 0)
    }

    @Test("another container's: it sees the same processes, network, names and shared memory, under any runtime")
    func containers() throws {
        try joins(supervisor)
    }

    @Test("runc and crun join as well", arguments: ["runc", "crun"])
    func otherRuntimes(_ name: String) throws {
        let other = try Supervisor(in: Scratch(), options: ["--runtime", try scratch.otherRuntime(name)])
        try other.importBusybox()
        try joins(other)
    }

    private func joins(_ supervisor: Supervisor) throws {
        try supervisor.wherry(
            "run", "-d", "--name", "boat", "--ipc", "shareable", "--hostname", "harbour", "busybox", "sh", "-c",
            "echo cargo >/dev/shm/hold; exec sleep 1000"
        ).succeed()
        let script = "ps; cat /dev/shm/hold; hostname; cat /etc/hosts; readlink /proc/self/ns/net"
        let modes = ["--pid", "container:boat", "--ipc", "container:boat", "--network", "container:boat"]
        let told = try eventuallySucceeds(
            try supervisor.wherry(["run", "--rm"] + modes + ["busybox", "sh", "-c", script]))
        #expect(told.contains("sleep 1000") && told.contains("cargo\n") && told.contains("harbour\n"), "\(told)")
        let network = try supervisor.wherry("exec", "boat", "readlink", "/proc/self/ns/net").succeed()
        #expect(told.hasSuffix(network))
        try supervisor.wherry("rm", "--force", "boat").succeed()
        #expect(MountTable.ofThisProcess.points(below: supervisor.state).isEmpty)
    }

    /// The first container may not have written its file yet.
    private func eventuallySucceeds(_ command: Command) throws -> String {
        var told = ""
        try eventually("the shared memory holds the file") {
            let outcome = try command.run()
            told = outcome.output
            return outcome.status == 0 && told.contains("cargo")
        }
        return told
    }

    @Test("a container that does not run, does not share, or is not there cannot be joined, and is named")
    func refusals() throws {
        try supervisor.wherry("run", "-d", "--name", "boat", "busybox", "sleep", "1000").succeed()
        try supervisor.wherry("create", "--name", "wreck", "busybox", "true").succeed()
        for (options, word) in [
            (["--pid", "container:wreck"], "wreck"), (["--network", "container:wreck"], "wreck"),
            (["--ipc", "container:boat"], "non-shareable"), (["--pid", "container:none"], "No such container: none"),
            (["--network", "frob"], "frob"), (["--uts", "x"], "'x'"), (["--userns", "private"], "'private'"),
            (["--network", "container:boat", "--hostname", "me"], "hostname"),
        ] {
            let outcome = try supervisor.wherry(["run", "--rm"] + options + ["busybox", "true"]).run()
            #expect(outcome.status == 125 && outcome.errors.contains(word), "\(outcome)")
        }
    }

    @Test("names are settled when the container is made: the other one may be renamed, and start later")
    func renamed() throws {
        try supervisor.wherry("create", "--name", "boat", "busybox", "sleep", "1000").succeed()
        try supervisor.wherry(
            "create", "--name", "dinghy", "--pid", "container:boat", "--stop-timeout", "0", "busybox", "ps"
        ).succeed()
        try supervisor.wherry("rename", "boat", "ship").succeed()
        try supervisor.wherry("start", "ship").succeed()
        #expect(try supervisor.wherry("start", "--attach", "dinghy").succeed().contains("sleep 1000"))
        let mode = try supervisor.wherry("inspect", "--format", "{{.HostConfig.PidMode}}", "dinghy").succeed()
        let id = try supervisor.wherry("inspect", "--format", "{{.Id}}", "ship").succeed()
        #expect(mode == "container:" + id)
    }
}
