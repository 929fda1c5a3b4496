import Harness
import LinuxKernel
import Testing

/// Images that skopeo, umoci and podman packed, from the archive to the process.
@Suite("An image of others becomes a container", .leavesNothingBehind)
struct ImageTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
    }

    @Test(
        "OCI archives and docker save archives, compressed or not",
        arguments: [
            "busybox.oci.tar", "busybox.docker.tar", "busybox.zstd.tar", "busybox.plain.tar", "busybox.podman.tar",
        ])
    func load(_ archive: String) throws {
        #expect(try supervisor.load(archive).contains("busybox:latest"))
        #expect(try supervisor.wherry("run", "--rm", "busybox", "echo", "afloat").succeed() == "afloat\n")
    }

    @Test("an OCI layout as a directory, and a directory that is none")
    func layout() throws {
        let loaded = try supervisor.wherry("load", "--input", try TestImages.path("busybox.oci")).succeed()
        #expect(loaded.contains("Loaded image"), "\(loaded)")
        let image = try supervisor.wherry("images", "--quiet").run().lines.first ?? ""
        #expect(try supervisor.wherry("run", "--rm", "\(image)", "echo", "afloat").succeed() == "afloat\n")
        let refused = try supervisor.wherry("load", "--input", scratch.path).run()
        #expect(refused.status == 1)
        #expect(refused.errors.contains("has neither index.json"), "\(refused)")
    }

    @Test("an OCI layout that comes through a pipe")
    func pipe() throws {
        let layout = try TestImages.path("busybox.oci")
        let program = try Programs.wherry
        let words = "tar -C \(layout) -c . | \(program) --host unix://\(supervisor.socket) load"
        #expect(try Command("sh", ["-c", words]).succeed().contains("Loaded image"))
        #expect(try supervisor.wherry("images", "--quiet").succeed().split(separator: "\n").count == 1)
    }

    @Test("layers replace, white out and hide what lies below them")
    func layers() throws {
        try supervisor.load("layers.oci.tar")
        let question = "cd /data; cat kept/file replaced/file; ls opaque; ls removed 2>/dev/null || echo gone"
        #expect(
            try supervisor.wherry("run", "--rm", "layers", "sh", "-c", question).succeed() == "one\ntwo\nnew\ngone\n")
    }

    @Test("a bash of Debian's, with what a shell needs around it", arguments: ["debian.oci.tar", "debian.docker.tar"])
    func debian(_ archive: String) throws {
        try supervisor.load(archive)
        let script = """
            set -e; shopt -s extglob; useradd -m sailor; su sailor -c 'echo $HOME'; cat <(echo process substitution)
            mkdir -p /var/tmp/{a,b}; ls /var/tmp; dpkg -S /bin/bash
            """
        let output = try supervisor.wherry("run", "--rm", "debian:bookworm", "bash", "-c", script).succeed()
        #expect(output == "/home/sailor\nprocess substitution\na\nb\nbash: /bin/bash\n")
    }

    @Test("an image is removed with its last name, and not while a container needs it")
    func remove() throws {
        try supervisor.load("busybox.oci.tar")
        try supervisor.wherry("create", "--name", "boat", "busybox", "true").succeed()
        let refused = try supervisor.wherry("rmi", "busybox").run()
        #expect(refused.status == 1, "\(refused)")
        try supervisor.wherry("rm", "boat").succeed()
        #expect(try supervisor.wherry("rmi", "busybox").succeed().contains("Deleted"))
        #expect(try supervisor.wherry("images", "--quiet").succeed() == "")
    }
}
