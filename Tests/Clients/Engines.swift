import Harness
import LinuxKernel

/// The runtimes that other people's engines are given: runc first, so that a failure of the engine or of this
/// machine is not taken for one of ours.
let runtimesUnderTest = ["runc", "wherry-runtime"]

/// A path is a program of a test's own.
func runtimePath(_ name: String) throws -> String {
    if name.hasPrefix("/") { return name }
    return try name == "runc" ? Programs.found(name) : Programs.ours(name)
}

/// What engines make outside of the folders they are given, and leave there: removed if it was not there before.
final class Leftovers {
    private let paths: [String]
    private let hierarchies = Set(Files.names(in: "/sys/fs/cgroup"))

    init(cgroups: [String] = [], folders: [String] = []) {
        let hierarchies = Files.names(in: "/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" } + ["/sys/fs/cgroup"]
        let candidates = hierarchies.flatMap { top in cgroups.map { "\(top)/\($0)" } } + folders
        paths = candidates.filter { !Files.exists($0) }
    }

    /// For controllers that are not mounted podman makes plain folders beside those that are.
    private func removePlainFolders() {
        for name in Set(Files.names(in: "/sys/fs/cgroup")).subtracting(hierarchies) {
            try? Descriptor.workingDirectory.removeTree("/sys/fs/cgroup/\(name)")
        }
    }

    /// Folders that are still in use stay, and are told of as traces.
    deinit {
        removePlainFolders()
        for path in paths where Files.exists(path) {
            _ = try? Command("find", [path, "-depth", "-type", "d", "-empty", "-delete"]).run()
        }
        let cgroups = paths.filter { $0.hasPrefix("/sys") }
        // A monitor whose process has ended has something to clean up itself.
        try? eventually("nobody is in \(cgroups)") {
            for path in cgroups where Files.exists(path) { removeCgroups(path) }
            return !cgroups.contains(where: Files.exists)
        }
    }

    private func removeCgroups(_ path: String) {
        let children = ((try? Descriptor.workingDirectory.entries(of: path)) ?? []).filter { $0.kind == .directory }
        for (name, _) in children { removeCgroups("\(path)/\(name)") }
        try? Descriptor.workingDirectory.removeDirectory(path)
    }
}

/// podman with stores of its own.
final class Podman {
    private let scratch: Scratch
    private let runtime: String
    private let leftovers = Leftovers(cgroups: ["libpod_parent"])

    init(in scratch: Scratch, runtime: String) throws {
        self.scratch = scratch
        self.runtime = try runtimePath(runtime)
        // podman asks for the machine's highest limits, which root without CAP_SYS_RESOURCE may not set.
        try scratch.file(
            "containers.conf",
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            """)
        try command("load", "--quiet", "--input", try TestImages.path("busybox.docker.tar")).succeed()
    }

    deinit {
        _ = try? command("rm", "--force", "--all", "--time", "0").run()
        // podman takes away the mount of its own on its store only if no other call of it is under way.
        _ = try? Command("umount", ["--quiet", scratch("p/overlay")]).run()
    }

    func command(_ arguments: String...) -> Command { command(arguments) }

    func command(_ arguments: [String]) -> Command {
        let stores = ["--root", scratch("p"), "--runroot", scratch("q"), "--tmpdir", scratch("t")]
        let options = ["--log-level", "error", "--storage-driver", "overlay", "--runtime", runtime]
        return Command("podman", stores + options + arguments).changed {
            $0.environment.append("CONTAINERS_CONF=\(scratch("containers.conf"))")
        }
    }
}

/// Docker's clients on this machine: Debian's, and what else is installed under that name.
let dockerClients = ["/usr/bin/docker", "/usr/local/bin/docker"].filter(Files.exists)

/// A dockerd of a test's own: no bridge, no firewall rules, folders and socket in the scratch folder.
final class Docker {
    private let scratch: Scratch
    private let client: String
    private let program: RunningProgram
    private let leftovers = Leftovers(
        cgroups: ["docker"], folders: ["/run/docker", "/run/containerd", "/etc/docker", "/opt/containerd"])

    init(in scratch: Scratch, runtime: String, client: String = "/usr/bin/docker") throws {
        (self.scratch, self.client) = (scratch, client)
        try scratch.file("daemon.json", "{}")
        let folders = ["--data-root", scratch("d"), "--exec-root", scratch("e"), "--pidfile", scratch("pid")]
        let network = ["--iptables=false", "--ip6tables=false", "--bridge=none"]
        let runtimes = ["--add-runtime", "tested=\(try runtimePath(runtime))", "--default-runtime", "tested"]
        let rest = [
            "--config-file", scratch("daemon.json"), "--host", "unix://\(scratch("docker.sock"))",
            "--init-path", try Programs.found("tini-static"),
        ]
        program = try Command("dockerd", folders + network + runtimes + rest).changed {
            $0.output = .file(scratch("dockerd.log"))
        }.start()
        try eventually("dockerd answers", within: 60) {
            guard try !program.hasEnded else { throw HarnessError(try Files.read(scratch("dockerd.log"))) }
            return try command("version").run().status == 0
        }
        try command("load", "--input", try TestImages.path("busybox.docker.tar")).succeed()
    }

    deinit {
        if let ids = try? command("ps", "--all", "--quiet").run().lines, !ids.isEmpty {
            _ = try? command(["rm", "--force"] + ids).run()
        }
        try? program.signal(Signal.terminate)
        _ = try? program.wait(within: 30)
    }

    private var host: String { "unix://\(scratch("docker.sock"))" }

    func command(_ arguments: String...) -> Command { command(arguments) }

    func command(_ arguments: [String]) -> Command {
        Command(client, ["--host", host] + arguments).changed {
            $0.environment.append("DOCKER_CONFIG=\(scratch("docker-config"))")
        }
    }

    /// `docker run --rm` of a shell without a network.
    func run(_ options: [String], _ script: String) throws -> Outcome {
        try command(["run", "--rm", "--network", "none"] + options + ["busybox", "sh", "-c", script]).run()
    }

    /// What `docker inspect` says.
    func inspect(_ name: String, _ format: String) throws -> String {
        try command("inspect", "--format", format, name).succeed().split(separator: "\n").joined()
    }

    /// The host's number of a container's first process.
    func pid(of name: String) throws -> String { try inspect(name, "{{.State.Pid}}") }
}

/// A containerd of a test's own, with its client ctr.
final class Containerd {
    private let scratch: Scratch
    private let program: RunningProgram
    private let runtime: String
    private let leftovers = Leftovers(cgroups: ["default"], folders: ["/run/containerd", "/opt/containerd"])

    static let image = "docker.io/library/busybox:latest"

    init(in scratch: Scratch, runtime: String) throws {
        self.scratch = scratch
        self.runtime = try runtimePath(runtime)
        let configuration = """
            version = 2
            root = "\(scratch("d"))"
            state = "\(scratch("e"))"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
            address = "\(scratch("c.sock"))"
            """
        try scratch.file("config.toml", configuration)
        program = try Command("containerd", ["--config", scratch("config.toml")]).changed {
            $0.output = .file(scratch("containerd.log"))
        }.start()
        try eventually("containerd answers", within: 60) {
            guard try !program.hasEnded else { throw HarnessError(try Files.read(scratch("containerd.log"))) }
            return try command("version").run().status == 0
        }
        try command("images", "import", try TestImages.path("busybox.docker.tar")).succeed()
    }

    deinit {
        try? program.signal(Signal.terminate)
        _ = try? program.wait(within: 30)
    }

    func command(_ arguments: String...) -> Command { ctr(arguments) }

    /// `ctr tasks exec`.
    func exec(_ options: [String], _ id: String, _ arguments: [String]) -> Command {
        ctr(["tasks", "exec", "--exec-id", "e"] + options + [id] + arguments)
    }

    /// `ctr run`, by the runtime under test.
    func run(_ options: [String], _ id: String, _ arguments: [String]) -> Command {
        let tested = ["--runtime", "io.containerd.runc.v2", "--runc-binary", runtime, "--runc-root", scratch("state")]
        return ctr(["run"] + tested + options + [Containerd.image, id] + arguments)
    }

    private func ctr(_ arguments: [String]) -> Command { Command("ctr", ["--address", scratch("c.sock")] + arguments) }
}
