import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// The same bundle by ours and by those that ours stands in for; a script in the container tells what it finds.
@Suite("wherry-runtime does with a bundle what runc and crun do", .leavesNothingBehind)
struct ConformanceTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// What a container is asked about itself, and what its configuration says besides the standard one.
    struct Question: CustomTestStringConvertible, Sendable {
        let about: String
        let script: String
        let configure: @Sendable (inout RuntimeConfiguration) -> Void
        var testDescription: String { about }

        init(
            _ about: String, _ script: String,
            configure: @escaping @Sendable (inout RuntimeConfiguration) -> Void = { _ in }
        ) {
            self.about = about
            self.script = script
            self.configure = configure
        }
    }

    static let questions: [Question] = [
        Question("exit status", "exit 42"),
        Question("a signal that ends it", "kill -KILL $$"),
        Question("standard output and error", "echo out; echo err >&2"),
        Question("process number and parent", "echo $$ $PPID"),
        Question("capabilities", "grep ^Cap /proc/self/status"),
        Question("capabilities of another user", "grep ^Cap /proc/self/status; id") {
            $0.process?.user = User(uid: 1000, gid: 1000, additionalGids: [10, 65534])
        },
        Question("all five sets of capabilities", "grep ^Cap /proc/self/status") {
            let set = ["CAP_CHOWN", "CAP_NET_BIND_SERVICE"]
            $0.process?.user = User(uid: 1000, gid: 1000)
            $0.process?.capabilities = Capabilities(
                bounding: set + ["CAP_KILL"], effective: set, inheritable: set, permitted: set, ambient: set)
        },
        Question("no capabilities", "grep ^Cap /proc/self/status") { $0.process?.capabilities = Capabilities() },
        Question("user, groups and umask", "id -u; id -g; id -G; umask") {
            $0.process?.user = User(uid: 1000, gid: 65534, umask: 0o027, additionalGids: [10])
        },
        Question("environment and working directory", "env | grep -v ^SHLVL | sort; pwd") {
            $0.process?.env = ["PATH=/bin", "ONE=1", "EMPTY=", "TWO=a b=c", "TERM=xterm", "HOME=/x"]
            $0.process?.cwd = "/made/for/this"
        },
        Question("limits", "ulimit -a") {
            $0.process?.rlimits = [
                ResourceLimit(type: "RLIMIT_NOFILE", hard: 512, soft: 256),
                ResourceLimit(type: "RLIMIT_CORE", hard: 0, soft: 0),
                ResourceLimit(type: "RLIMIT_NPROC", hard: 99, soft: 98),
            ]
        },
        Question("no new privileges and seccomp", "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status"),
        Question("new privileges allowed", "grep ^NoNewPrivs /proc/self/status") {
            $0.process?.noNewPrivileges = false
        },
        Question("a system call that seccomp answers", "mkdir /tmp/x; echo $?; chmod 700 /tmp; echo $?") {
            $0.linux?.seccomp = Seccomp(
                defaultAction: .allow,
                syscalls: [SeccompRule(names: ["mkdir", "mkdirat"], action: .errno, errnoRet: 38)])
        },
        Question("adjustment of the out-of-memory score", "cat /proc/self/oom_score_adj") {
            $0.process?.oomScoreAdj = 321
        },
        Question("host and domain name", "hostname; cat /proc/sys/kernel/domainname") { $0.hostname = "boat" },
        Question("kernel parameters of its namespaces", "sysctl -n kernel.shm_rmid_forced net.ipv4.ip_forward") {
            $0.linux?.sysctl = ["kernel.shm_rmid_forced": "1", "net.ipv4.ip_forward": "1"]
        },
        Question(
            "devices",
            "cd /dev; stat -c '%n %F %a %t:%T %u %g' null zero full random urandom tty; for l in fd stdin ptmx; do readlink $l; done"
        ),
        Question(
            "mounts",
            "sed -E 's/^([^ ]+ ){4}//; s/ - / /; s/ lowerdir.*//; s/(shared|master):[0-9]+ //' "
                + "/proc/self/mountinfo | grep -v -E '^/ |cgroup|^/dev/pts|^/proc/(acpi|kcore|keys|timer_list|scsi|asound)|^/sys/firmware' | cut -d' ' -f1-3 | sort"
        ),
        Question("masked paths", "cat /proc/kcore | wc -c; ls /proc/acpi /proc/scsi /sys/firmware 2>/dev/null | sort"),
        Question(
            "read-only paths", "for f in /proc/sys/kernel/hostname /proc/sysrq-trigger; do (echo h > $f) 2>&1; done"),
        Question("a read-only root file system", "touch /x; echo $?; touch /dev/x; echo $?") {
            $0.root?.readonly = true
        },
        Question("a namespace that is shared with the host", "readlink /proc/self/ns/net /proc/self/ns/uts") {
            $0.hostname = nil
            $0.linux?.namespaces?.removeAll { $0.type == .network || $0.type == .uts }
            $0.linux?.sysctl = nil
        },
        Question("a tmpfs with options", "df -k /t | tail -1 | awk '{ print $2 }'; touch /t/x") {
            $0.mounts?.append(
                Mount(
                    destination: "/t", type: "tmpfs", source: "tmpfs", options: ["size=64k", "noexec", "ro"]))
        },
        Question("a bind mount, read-only", "ls /etc/hosts-of-host; touch /etc/hosts-of-host; echo $?") {
            $0.mounts?.append(
                Mount(
                    destination: "/etc/hosts-of-host", type: "bind", source: "/etc/hosts", options: ["rbind", "ro"]))
        },
        Question("open descriptors", "ls /proc/self/fd | wc -l"),
    ]

    @Test("what a container finds", arguments: questions)
    func finds(_ question: Question) throws { try question.compare(in: scratch) }
}

extension ConformanceTests.Question {
    /// Asks ours and the references, and expects the same answers. With `user` the container has a user namespace of
    /// which that is root.
    func compare(in scratch: Scratch, asUser user: UInt32? = nil) throws {
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            if let user { $0.mapUsers(to: user) }
            configure(&$0)
        }
        if let user { try bundle.giveRoot(to: user) }
        let answers = try runByAll(bundle, in: scratch)
        let ours = answers[0].outcome
        for (runtime, outcome) in answers.dropFirst() {
            #expect(ours.status == outcome.status, "\(runtime): \(outcome)\nours: \(ours)")
            #expect(ours.output == outcome.output, "\(runtime)")
            #expect(ours.errors == outcome.errors, "\(runtime)")
        }
    }
}
