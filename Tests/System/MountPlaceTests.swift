import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("Mounts come from and go where config.md says", .leavesNothingBehind)
struct MountPlaceTests {
    let scratch: Scratch
    private var fixture: MountFixture { MountFixture(scratch: scratch) }
    init() throws { scratch = try Scratch() }

    @Test("sources may be relative, links, files, and what earlier mounts put below the root")
    func sources() throws {
        try scratch.directory("bundle-data")
        try scratch.file("bundle-data/file", "content")
        try Descriptor.workingDirectory.makeSymbolicLink(scratch("link"), to: scratch("bundle-data"))
        let outcome = try fixture.run("cat /m1/file /m2/file /etc/m3 /m4/file; echo; cat /m5") {
            $0.mounts?.append(Mount(destination: "/m1", source: "../bundle-data", options: ["bind"]))
            $0.mounts?.append(Mount(destination: "m2", source: scratch("link"), options: ["rbind"]))
            $0.mounts?.append(Mount(destination: "/etc/m3", source: "../link/file", options: ["bind"]))
            $0.mounts?.append(
                Mount(destination: scratch("bundle/rootfs/m4"), source: scratch("bundle/rootfs/m1"), options: ["bind"]))
            $0.mounts?.append(Mount(destination: "/m5", type: "none", source: "rootfs/etc/m3", options: ["rbind"]))
        }
        #expect(outcome.output == "contentcontentcontentcontent\ncontent", "\(outcome)")
    }

    @Test("a source that is not there, or out of reach, is refused with its name")
    func missingSource() throws {
        let outcome = try fixture.run("true") {
            $0.mounts?.append(Mount(destination: "/m", source: "/not/there", options: ["bind"]))
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("mounts[7].source: /not/there: no such file or directory"))
    }

    @Test("targets that are not there are made, through links inside the root")
    func targets() throws {
        try scratch.file("data", "content")
        let bundle = try Bundle(
            in: scratch, running: ["sh", "-c", "stat -c '%n %F %a' /new/a/b /new/file /deep/target; cat /etc/hosts"]
        ) {
            $0.mounts?.append(Mount(destination: "/new/a/b", type: "tmpfs", source: "tmpfs", options: ["mode=711"]))
            $0.mounts?.append(Mount(destination: "/new/file", source: scratch("data"), options: ["bind"]))
            $0.mounts?.append(Mount(destination: "/etc/hosts", source: scratch("data"), options: ["bind"]))
        }
        try Command("rm", ["-f", bundle.rootfs + "/etc/hosts"]).succeed()
        try Descriptor.workingDirectory.makeSymbolicLink(bundle.rootfs + "/jump", to: "/deep")
        try Descriptor.workingDirectory.makeSymbolicLink(bundle.rootfs + "/etc/hosts", to: "/jump/target")
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(
            outcome.output == """
                /new/a/b directory 711
                /new/file regular file 644
                /deep/target regular file 644
                content
                """, "\(outcome)")
    }

    @Test("tmpcopyup copies what a directory holds, with owners, modes, links, FIFOs and names of any bytes")
    func copyUp() throws {
        let script =
            "cd /data && stat -c '%n %F %u %g %a' . sub sub/file link pipe; cat sub/file; readlink link; ls | wc -l"
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", script]) {
            $0.mounts?.append(
                Mount(destination: "/data", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup", "size=1m"]))
        }
        let make = """
            umask 0; mkdir -m 751 data; cd data; mkdir -m 1777 sub; echo hello > sub/file
            chown 3:4 sub sub/file; chmod 4755 sub/file; ln -s /no/where link; mkfifo -m 620 pipe; touch "$(printf '\\377')"
            """
        try Command("sh", ["-c", make]).changed { $0.directory = bundle.rootfs }.succeed()
        let outcome = try Container(bundle, in: scratch, by: .wherry).run()
        #expect(
            outcome.output == """
                . directory 0 0 751
                sub directory 3 4 1777
                sub/file regular file 3 4 4755
                link symbolic link 0 0 777
                pipe fifo 0 0 620
                hello
                /no/where
                4

                """, "\(outcome)")
        #expect(Files.names(in: bundle.rootfs + "/data").count == 4)
    }
}
