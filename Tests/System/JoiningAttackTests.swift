import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Rows of ATTACKS.md, "Runtime", that a container stages against those who join it.
@Suite("A runtime that joins a container survives", .leavesNothingBehind)
struct JoiningAttackTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func bundle(
        _ arguments: [String], _ root: Bundle.RootFilesystem = .busybox,
        _ configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> Bundle {
        try Bundle(in: scratch, root, running: arguments, configure: configure)
    }

    private func started(_ bundle: Bundle) throws -> Container {
        let container = try Container(bundle, in: scratch, by: .wherry)
        let outcome = try container.create()
        try #require(outcome.status == 0, "\(outcome)")
        try #require(try container.start().status == 0)
        return container
    }

    private func end(_ container: Container) throws {
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    /// Holds every process that it has not seen yet (PTRACE_SEIZE and PTRACE_INTERRUPT of ptrace(2), which leave no stop
    /// signal behind), writes down whatever that one has open, and lets it go on.
    private static let watcher = """
        use POSIX; my %seen = ($$ => 1);
        open(my $found, '>>', '/found/all'); $found->autoflush(1); print $found "watching\\n";
        while (1) {
            opendir(my $all, '/proc'); my @fresh = grep { /^\\d+$/ && !$seen{$_} } readdir $all; closedir $all;
            for my $pid (@fresh) {
                next if syscall(101, 0x4206, $pid + 0, 0, 0) != 0;
                $seen{$pid} = 1;
                syscall(101, 0x4207, $pid + 0, 0, 0);
                waitpid($pid, 0x40000000);
                print $found "held\\n";
                for my $link (glob("/proc/$pid/fd/*"), map { "/proc/$pid/$_" } 'cwd', 'root') {
                    my $target = readlink $link;
                    print $found "$target\\n" if defined $target;
                    open(my $name, '<', "$link/1/comm") or next;
                    print $found "a procfs where 1 is ", <$name>;
                }
                syscall(101, 17, $pid + 0, 0, 0);
            }
        }
        """

    /// A container whose first process is the ``watcher``, with all that it takes.
    private func watching() throws -> Container {
        let all = ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"]
        let folder = try scratch.directory("found")
        let container = try started(
            try bundle(["perl", "-MIO::Handle", "-e", Self.watcher], .debian) {
                $0.process?.capabilities = Capabilities(bounding: all, effective: all, permitted: all)
                $0.mounts?.append(
                    Mount(destination: "/found", type: "bind", source: folder, options: ["bind"]))
            })
        try eventually("the watcher watches") { Files.exists(scratch("found/all")) }
        return container
    }

    /// Lets `body` join until the watcher was quick enough to hold one, and then so many times more.
    private func joining(_ count: Int, _ body: () throws -> Void) throws {
        try eventually("the watcher holds one that joins", within: 30) {
            try body()
            return try Files.read(scratch("found/all")).contains("held")
        }
        for _ in 1...count { try body() }
    }

    /// All that was held is a stream or the container's own.
    private func expectNoLeaks() throws {
        let lines = Set(try Files.read(scratch("found/all")).split(separator: "\n").map(String.init))
        let harmless = ["watching", "held", "/", "/dev/null", "a procfs where 1 is perl"]
        let kinds = ["pipe:[", "socket:[", "/proc/", "/dev/pts/", "/dev/ptmx", "/usr/", "/lib/", "anon_inode:[pidfd]"]
        for line in lines where !harmless.contains(line) && !kinds.contains(where: line.hasPrefix) {
            Issue.record("seen from inside: \(line)")
        }
    }

    @Test("fd-leak-exec: whoever holds the processes that join finds nothing of the host's open in them")
    func watched() throws {
        let container = try watching()
        try joining(10) {
            let outcome = try container.command("exec", [container.id, "cat", "/proc/self/status"]).run()
            #expect(outcome.status == 0, "\(outcome)")
        }
        try expectNoLeaks()
        try end(container)
    }

    @Test("fd-leak-exec: nor in those that open a terminal, which have a procfs of the container's, not of the host's")
    func watchedTerminal() throws {
        let container = try watching()
        try joining(5) {
            let exec = container.command("exec", ["--tty", container.id, "cat", "/proc/self/status"])
            let outcome = try exec.startOnTerminal().wait()
            #expect(outcome.status == 0, "\(outcome)")
        }
        try expectNoLeaks()
        try end(container)
    }

    @Test("fd-leak-cwd: no descriptor of the host's serves exec as a working directory, by number or by a link")
    func workingDirectory() throws {
        let bundle = try bundle(["sleep", "1000"])
        try Descriptor.workingDirectory.makeSymbolicLink(bundle.rootfs + "/link", to: "/proc/self/fd/7")
        let container = try started(bundle)
        for path in ["/link", "/proc/self/cwd"] + (3...20).map({ "/proc/self/fd/\($0)" }) {
            let outcome = try container.command("exec", ["--cwd", path, container.id, "ls", "../../.."]).run()
            #expect(outcome.status != 0 && outcome.output.isEmpty, "\(path): \(outcome)")
        }
        try end(container)
    }

    @Test("self-exe: what exec runs may be a link to its own program: nobody inside can write to the runtime")
    func ownExecutable() throws {
        let program = try Programs.wherryRuntime
        let before = try Command("sha256sum", [program]).succeed()
        let all = ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"]
        let writer = "while :; do for f in /proc/[0-9]*/exe; do (echo x >> $f) 2>/dev/null; done; done"
        let bundle = try bundle(["sh", "-c", writer]) {
            $0.process?.capabilities = Capabilities(bounding: all, effective: all, permitted: all)
        }
        try scratch.file("bundle/rootfs/evil", "#!/proc/self/exe\n", mode: 0o755)
        try Descriptor.workingDirectory.makeSymbolicLink(bundle.rootfs + "/own", to: "/proc/self/exe")
        let container = try started(bundle)
        for path in ["/evil", "/own", "/proc/self/exe"] {
            for _ in 1...5 { _ = try container.command("exec", [container.id, path, "--version"]).run() }
        }
        #expect(try Command("sha256sum", [program]).succeed() == before)
        try end(container)
    }

    @Test("inheritable-caps: what the runtime has in its inheritable and ambient sets does not reach exec")
    func capabilities() throws {
        let bundle = try bundle(["sleep", "1000"]) {
            $0.process?.capabilities = Capabilities(
                bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"])
        }
        let container = try started(bundle)
        let exec = container.command("exec", [container.id, "grep", "^Cap", "/proc/self/status"])
        let raised = ["--inh-caps", "+chown,+kill", "--ambient-caps", "+chown,+kill", exec.program]
        let outcome = try Command("setpriv", raised + exec.arguments).run()
        #expect(outcome.status == 0, "\(outcome)")
        for line in outcome.lines where line.hasPrefix("CapInh:") || line.hasPrefix("CapAmb:") {
            #expect(line.hasSuffix("\t0000000000000000"), "\(line)")
        }
        try end(container)
    }

    @Test("supplementary-groups: exec gives none of the runtime's own groups either")
    func groups() throws {
        let container = try started(try bundle(["sleep", "1000"]))
        let exec = container.command(
            "exec", ["--user", "1000:1000", container.id, "grep", "^Groups:", "/proc/self/status"])
        let outcome = try Command("setpriv", ["--groups", "4,27", exec.program] + exec.arguments).run()
        #expect(outcome.output.split(whereSeparator: \.isWhitespace) == ["Groups:"], "\(outcome)")
        try end(container)
    }

    @Test(
        "uid-overflow: exec takes no user past 32 bits", arguments: ["4294967296", "4294967295", "-1", "0:4294967296"])
    func users(_ user: String) throws {
        let container = try started(try bundle(["sleep", "1000"]))
        let outcome = try container.command("exec", ["--user", user, container.id, "id"]).run()
        #expect(outcome.status != 0 && outcome.output.isEmpty, "\(outcome)")
        try end(container)
    }
}
