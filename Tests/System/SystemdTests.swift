import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Where systemd is init, what it keeps for a container; elsewhere, that it is not there is said.
@Suite("--systemd-cgroup has systemd make a container's cgroup", .leavesNothingBehind)
struct SystemdTests {
    let scratch: Scratch
    let name: String

    init() throws {
        scratch = try Scratch()
        name = "test\(ThisProcess.pid)n\(monotonicTime() / 1000)"
    }

    private var unit: String { "wherry-\(name).scope" }

    private func container(_ resources: Resources, annotations: [String: String] = [:], path: String? = nil) throws
        -> Container
    {
        let bundle = try Bundle(in: scratch, running: ["sleep", "1000"]) {
            $0.linux?.resources = resources
            $0.linux?.cgroupsPath = path ?? "machine.slice:wherry:\(name)"
            $0.annotations = annotations
        }
        let container = try Container(bundle, in: scratch, by: .wherry)
        container.globalOptions = ["--systemd-cgroup"]
        return container
    }

    /// Whether it is there: where systemd is not, the refusal is looked at.
    private func isCreated(_ container: Container) throws -> Bool {
        let outcome = try container.create()
        let log = try Files.read(container.log)
        if try Machine.isRunBySystemd {
            try #require(outcome.status == 0, "\(log)\(outcome)")
            return true
        }
        #expect(outcome.status == 1)
        #expect(log.contains("systemd support for managing cgroups is not available"), "\(log)\(outcome)")
        return false
    }

    private func property(_ property: String) throws -> String {
        let text = try Command("systemctl", ["show", "--property", property, unit]).succeed()
        return String(text.dropFirst(property.count + 1).prefix { $0 != "\n" })
    }

    @Test("limits are properties of the scope, and update changes them there and in the cgroup")
    func limits() throws {
        let container = try container(
            Resources(
                memory: MemoryResources(limit: 64 << 20), cpu: CPUResources(quota: 50_000, period: 100_000, cpus: "0"),
                pids: ProcessResources(limit: 17)))
        guard try isCreated(container) else { return }
        #expect(try property("TasksMax") == "17")
        #expect(try property("CPUQuotaPerSecUSec") == "500ms")
        #expect(try property("AllowedCPUs") == "0")
        #expect(try property("Delegate") == "yes")
        #expect(try property("DevicePolicy") == "strict")
        let memory = try Machine.hasUnifiedCgroups ? "MemoryMax" : "MemoryLimit"
        #expect(try property(memory) == "\(64 << 20)")

        try container.command("update", ["--pids-limit", "-1", "--cpu-quota", "25000", container.id]).succeed()
        #expect(try property("TasksMax") == "infinity")
        #expect(try property("CPUQuotaPerSecUSec") == "250ms")
        #expect(try property(memory) == "\(64 << 20)")
        let pid = try #require(try container.pid)
        let places = try Files.read("/proc/\(pid)/cgroup")
        #expect(places.contains(":/machine.slice/\(unit)\n"), "\(places)")
    }

    @Test("annotations org.systemd.property.* are properties of the scope")
    func annotations() throws {
        let container = try container(
            Resources(), annotations: ["org.systemd.property.TimeoutStopSec": "uint64 7"])
        guard try isCreated(container) else { return }
        #expect(try property("TimeoutStopUSec") == "7s")
    }

    @Test("processes of exec are in the scope, and delete stops it")
    func execAndDelete() throws {
        let container = try container(Resources())
        guard try isCreated(container) else { return }
        try container.start()
        // Not detached: nobody would reap it until the test is over, and a pid namespace, of which the first process
        // ends last, has ended only when all in it are reaped.
        let joined = try container.command("exec", [container.id, "sleep", "1000"]).start()
        try eventually("two processes are in the scope") {
            let text = try container.command("ps", ["--format", "json", container.id]).succeed()
            return text.split(separator: ",").count == 2
        }
        try container.command("delete", ["--force", container.id]).succeed()
        #expect(try joined.wait().status == 128 + Signal.kill)
        #expect(try property("LoadState") == "not-found")
    }

    @Test("a cgroupsPath that is no slice:prefix:name is refused, and so is a scope of that name that runs")
    func refusals() throws {
        let bad = try container(Resources(), path: "/a/path")
        if try Machine.isRunBySystemd {
            #expect(try bad.create().status == 1)
            #expect(try Files.read(bad.log).contains("slice:prefix:name"))
        }
        let first = try container(Resources())
        guard try isCreated(first) else { return }
        let second = try Container(first.bundle, in: scratch, by: .wherry)
        second.globalOptions = ["--systemd-cgroup"]
        #expect(try second.create().status == 1)
        #expect(try Files.read(second.log).contains("container's cgroup is not empty"))
        #expect(try first.state().output.contains("created"))
    }
}
