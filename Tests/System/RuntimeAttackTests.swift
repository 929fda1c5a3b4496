import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// Rows of ATTACKS.md, "Runtime". Each stages the attack and then looks at the host.
@Suite("A runtime survives", .leavesNothingBehind)
struct RuntimeAttackTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func run(_ bundle: Bundle) throws -> Outcome { try Container(bundle, in: scratch, by: .wherry).run() }

    private func bundle(_ script: String, _ configure: (inout RuntimeConfiguration) -> Void = { _ in }) throws -> Bundle
    {
        try Bundle(in: scratch, running: ["sh", "-c", script], configure: configure)
    }

    /// A folder of the host's that nothing of a container may show up in.
    private func victim() throws -> String {
        let folder = try scratch.directory("victim")
        _ = try scratch.file("victim/secret", "secret")
        return folder
    }

    private func expectUntouched(_ folder: String) throws {
        #expect(Files.names(in: folder) == ["secret"])
        #expect(try Files.read(folder + "/secret") == "secret")
    }

    private func link(_ path: String, to target: String) throws {
        _ = try Command("rm", ["-rf", path]).run()
        try Descriptor.workingDirectory.makeSymbolicLink(path, to: target)
    }

    @Test("dev-symlink: devices go below the root wherever the image's /dev points", arguments: [true, false])
    func devLink(isMounted: Bool) throws {
        let host = try victim()
        let bundle = try bundle("ls /dev/null") {
            if !isMounted { $0.mounts?.removeAll { $0.destination.hasPrefix("/dev") } }
        }
        try link(bundle.rootfs + "/dev", to: host)
        #expect(try run(bundle).status == 0)
        try expectUntouched(host)
    }

    @Test("proc-mount-cover: a /proc that is a link is refused, and so is whatever else would cover procfs")
    func procCover() throws {
        let host = try victim()
        let linked = try bundle("true")
        try link(linked.rootfs + "/proc", to: host)
        #expect(try run(linked).status == 1)
        for (destination, type) in [("/proc", "bind"), ("/proc/self/attr", "tmpfs"), ("/proc/sys", "bind")] {
            let outcome = try run(
                try Bundle(in: scratch, named: "cover-\(type)-\(destination.utf8.count)", running: ["true"]) {
                    $0.mounts?.append(
                        Mount(
                            destination: destination, type: type, source: type == "bind" ? host : "tmpfs",
                            options: type == "bind" ? ["bind"] : nil))
                })
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("proc"))
        }
        try expectUntouched(host)
    }

    @Test("rootfs-symlink: links on the way to a mount's target stay inside, and a root that is a link is refused")
    func rootLink() throws {
        let host = try victim()
        let inside = try bundle("cat /proc/self/mountinfo") {
            $0.mounts?.append(Mount(destination: "/up/new", type: "tmpfs", source: "tmpfs"))
            $0.mounts?.append(Mount(destination: "/deep/new", type: "bind", source: host, options: ["bind", "ro"]))
        }
        try link(inside.rootfs + "/up", to: host)
        try link(inside.rootfs + "/deep", to: "../../../../../../../../" + host)
        #expect(try run(inside).status == 0)
        try expectUntouched(host)
        let root = try Bundle(in: scratch, named: "linked", running: ["true"])
        try Command("mv", [root.rootfs, root.path + "/real"]).succeed()
        try link(root.rootfs, to: "real")
        let outcome = try run(root)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("symbolic link"))
    }

    @Test("masked-path-swap: masks come from the host's /dev/null, whatever the image has in its place")
    func maskedPaths() throws {
        let host = try victim()
        let bundle = try bundle("cat /mask/a | wc -c; ls /mask/b; wc -c < /proc/timer_list") {
            $0.linux?.maskedPaths = ["/mask/a", "/mask/b", "/mask/link", "/mask/none", "/proc/timer_list"]
            $0.mounts?.removeAll { $0.destination == "/dev" || $0.destination.hasPrefix("/dev/") }
        }
        _ = try Command("mkdir", ["-p", bundle.rootfs + "/mask/b/c", bundle.rootfs + "/dev"]).succeed()
        try Files.write(bundle.rootfs + "/mask/a", "readable")
        try link(bundle.rootfs + "/mask/link", to: host + "/secret")
        let outcome = try run(bundle)
        #expect(outcome.output == "0\n0\n")
        try expectUntouched(host)
    }

    @Test("masked-path-swap: a /dev/null of the image's that is no such device stops the container")
    func wrongNull() throws {
        let bundle = try bundle("true") {
            $0.mounts?.removeAll { $0.destination == "/dev" || $0.destination.hasPrefix("/dev/") }
        }
        _ = try Command("mkdir", ["-p", bundle.rootfs + "/dev"]).succeed()
        try Files.write(bundle.rootfs + "/dev/null", "mine")
        let outcome = try run(bundle)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("/dev/null"))
    }

    @Test("console-swap: a /dev/console that is a link, and a ptmx that is no terminal, gain nothing")
    func console() throws {
        let host = try victim()
        let bundle = try bundle("tty") {
            $0.process?.terminal = true
            $0.mounts?.removeAll { $0.destination == "/dev" || $0.destination.hasPrefix("/dev/") }
        }
        _ = try Command("mkdir", ["-p", bundle.rootfs + "/dev/pts"]).succeed()
        try link(bundle.rootfs + "/dev/console", to: host + "/secret")
        try link(bundle.rootfs + "/dev/pts/ptmx", to: host + "/secret")
        let outcome = try run(bundle)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("ptmx"))
        try expectUntouched(host)
    }

    @Test(
        "fd-leak-cwd: a working directory behind a magic link is refused",
        arguments: ["/proc/self/fd/3", "/proc/self/fd/7", "/proc/self/cwd", "/link"])
    func workingDirectory(_ path: String) throws {
        let bundle = try bundle("pwd; ls") { $0.process?.cwd = path }
        try link(bundle.rootfs + "/link", to: "/proc/self/fd/9")
        let outcome = try run(bundle)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("process.cwd"))
    }

    @Test("fd-leak-exec: a container sees no descriptor but its streams, in its first process and in others")
    func descriptors() throws {
        let script = "for fd in /proc/self/fd/*; do readlink $fd; done | grep -cv '^/proc'"
        let bundle = try bundle("ls /proc/self/fd | wc -l; sleep 1000")
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 0)
        let listed = try container.command("exec", [container.id, "ls", "/proc/self/fd"]).run()
        // The fourth is that of ls itself, of the folder it lists.
        #expect(listed.output == "0\n1\n2\n3\n", "\(script)")
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("inheritable-caps: nothing but what the configuration names, for the first process and for exec")
    func capabilities() throws {
        let bundle = try bundle("grep ^Cap /proc/self/status; sleep 1000") {
            $0.process?.capabilities = Capabilities(
                bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"])
        }
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        #expect(try container.start().status == 0)
        let arguments = ["--cap", "CAP_CHOWN", container.id, "grep", "^Cap", "/proc/self/status"]
        let lines = try container.command("exec", arguments).run().output.split(separator: "\n")
        let expected: Set<Substring> = [
            "CapInh:\t0000000000000000", "CapPrm:\t0000000000000021", "CapEff:\t0000000000000021",
            "CapBnd:\t0000000000000021", "CapAmb:\t0000000000000000",
        ]
        #expect(Set(lines) == expected)
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }

    @Test("supplementary-groups: none of the runtime's own groups stays")
    func groups() throws {
        let bundle = try bundle("grep ^Groups: /proc/self/status") {
            $0.process?.user = User(uid: 1000, gid: 1000)
        }
        let container = try Container(bundle, in: scratch, by: .wherry)
        let inner = container.command("run", ["--bundle", bundle.path, container.id])
        let outcome = try Command("setpriv", ["--groups", "4,27", inner.program] + inner.arguments).run()
        #expect(outcome.output.trimmingGroups == "Groups:")
    }

    @Test(
        "uid-overflow: users that are no 32-bit numbers, or nobody's, are refused",
        arguments: ["4294967295", "4294967296", "-1", "0.5"])
    func users(_ number: String) throws {
        let bundle = try bundle("id")
        let text = try Files.read(bundle.path + "/config.json")
        let changed = text.split(separator: "\"uid\": 0", omittingEmptySubsequences: false)
        try bundle.write(json: changed.joined(separator: "\"uid\": \(number)"))
        let outcome = try run(bundle)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("process.user.uid"))
    }

    @Test("hostile-config: nesting, NUL and size without end are refused in one line")
    func hostile() throws {
        let bundle = try bundle("true")
        let documents = [
            String(repeating: "[", count: 100_000), String(repeating: " ", count: 20 << 20),
            #"{"ociVersion":"1.0.0","root":{"path":"root\u0000fs"}}"#, "{", "",
        ]
        for document in documents {
            try bundle.write(json: document)
            let outcome = try run(bundle)
            #expect(outcome.status == 1)
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("self-exe: the runtime's own file can be opened for writing by nobody in a container")
    func ownExecutable() throws {
        let program = try Programs.wherryRuntime
        let before = try Command("sha256sum", [program]).succeed()
        let bundle = try bundle(
            "/evil & for i in 1 2 3 4 5 6 7 8; do for f in /proc/[0-9]*/exe; do echo x >> $f; done; done"
        ) {
            let all = ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"]
            $0.process?.capabilities = Capabilities(bounding: all, effective: all, permitted: all)
        }
        _ = try scratch.file("bundle/rootfs/evil", "#!/proc/self/exe\n", mode: 0o755)
        _ = try run(bundle)
        try bundle.change { $0.process?.args = ["/evil"] }
        _ = try run(bundle)
        #expect(try Command("sha256sum", [program]).succeed() == before)
    }

    @Test("crash-helper: a crash executes nothing that lies in the working directory")
    func crashHelper() throws {
        let mark = scratch.path + "/executed"
        let directory = try scratch.directory("here")
        _ = try scratch.file("here/swift-backtrace", "#!/bin/sh\ntouch \(mark)\n", mode: 0o755)
        let container = try Container(try bundle("echo ready; sleep 1000"), in: scratch, by: .wherry)
        let runtime = try container.command("run", ["--bundle", container.bundle.path, container.id]).changed {
            $0.directory = directory
            $0.environment.append("SWIFT_BACKTRACE=enable=yes")
        }.start()
        try runtime.waitForOutput("ready")
        try runtime.signal(11)
        try eventually("the runtime crashes") { try runtime.hasEnded }
        // Its process, which goes on without it, holds its output.
        _ = try container.command("delete", ["--force", container.id]).run()
        #expect(try runtime.wait().status == 128 + 11)
        #expect(try !Descriptor.workingDirectory.exists(mark))
    }
}

extension String {
    fileprivate var trimmingGroups: String { String(prefix { $0 != " " && $0 != "\t" && $0 != "\n" }) + rest }
    private var rest: String { split(whereSeparator: \.isWhitespace).dropFirst().joined(separator: " ") }
}
