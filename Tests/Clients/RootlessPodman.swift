import Harness
import LinuxKernel

/// podman of an ordinary user, who is made for the test and has subordinate users.
///
/// Build machines often keep `/dev/fuse` and `/dev/net/tun` to root: the user gets nodes that anybody may open, in a
/// mount namespace of the test's own.
final class RootlessPodman {
    private let scratch: Scratch
    private let runtime: String
    private let storage: [String]
    private static let user = "wherry-boatman"
    private var home: String { scratch("home") }

    /// `driver` is podman's storage driver.
    init(in scratch: Scratch, runtime: String, driver: String) throws {
        self.scratch = scratch
        let fuse = ["--storage-opt", "overlay.mount_program=/usr/bin/fuse-overlayfs"]
        storage = ["--storage-driver", driver] + (driver == "overlay" ? fuse : [])
        self.runtime = runtime == "runc" ? try runtimePath(runtime) : scratch("home/wherry-runtime")
        try Command("chmod", ["711", scratch.path]).succeed()
        try Command("useradd", ["--create-home", "--home-dir", scratch("home"), Self.user]).succeed()
        // Where ours was built may be no place for others to look into.
        if runtime != "runc" { try Command("cp", [try runtimePath(runtime), self.runtime]).succeed() }
        try Command("mknod", ["--mode", "666", scratch("fuse"), "c", "10", "229"]).succeed()
        try Command("mknod", ["--mode", "666", scratch("tun"), "c", "10", "200"]).succeed()
        try Command("install", ["-d", "-m", "700", "-o", Self.user, scratch("home/run")]).succeed()
        // podman asks for the machine's highest limits, which root without CAP_SYS_RESOURCE may not set.
        try scratch.file(
            "home/containers.conf",
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            """)
        try Command("cp", [try TestImages.path("busybox.docker.tar"), scratch("home/image.tar")]).succeed()
        try Command("chmod", ["644", scratch("home/image.tar")]).succeed()
        try command("load", "--quiet", "--input", scratch("home/image.tar")).succeed()
    }

    deinit {
        _ = try? command("rm", "--force", "--all", "--time", "0").run()
        _ = try? command("unshare", "rm", "-rf", scratch("home/stores")).run()
        // What is left is the process that keeps the user's namespaces.
        _ = try? Command("pkill", ["--signal", "KILL", "--uid", Self.user]).run()
        _ = try? Command("userdel", ["--force", Self.user]).run()
    }

    func command(_ arguments: String...) -> Command { command(arguments) }

    func command(_ arguments: [String]) -> Command {
        let stores = [
            "--root", scratch("home/stores/p"), "--runroot", scratch("home/run/q"), "--tmpdir", scratch("home/run/t"),
        ]
        let podman = ["podman"] + stores + ["--log-level", "error", "--runtime", runtime] + storage + arguments
        let script = """
            mount --bind "$1" /dev/fuse && mount --bind "$2" /dev/net/tun || exit; user=$3; shift 3
            exec setpriv --reuid "$user" --regid "$user" --init-groups --inh-caps=-all "$@"
            """
        let inside = [scratch("fuse"), scratch("tun"), Self.user] + podman
        let namespace = ["--mount", "--propagation", "private", "sh", "-c", script, "sh"]
        return Command("unshare", namespace + inside).changed {
            $0.directory = home
            $0.environment =
                Command.plainEnvironment.filter { !$0.hasPrefix("HOME=") } + [
                    "HOME=\(home)", "USER=\(Self.user)", "XDG_RUNTIME_DIR=\(scratch("home/run"))",
                    "CONTAINERS_CONF=\(scratch("home/containers.conf"))",
                ]
        }
    }
}
