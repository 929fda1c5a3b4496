import Harness
import LinuxKernel
import Testing

@Suite("wherry pull", .leavesNothingBehind)
struct PullTests {
    let scratch: Scratch
    let supervisor: Supervisor
    let registry: RegistryProgram

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        registry = try RegistryProgram(in: scratch)
    }

    private func push(_ archive: String, as name: String) throws -> String {
        let target = "\(registry.address)/\(name)"
        try Command(
            "skopeo",
            [
                "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false",
                "oci-archive:\(try TestImages.path(archive))", "docker://\(target)",
            ]
        ).succeed()
        return target
    }

    @Test("fetches an image that then runs, and says in docker's words what it did")
    func pull() throws {
        let name = try push("busybox.oci.tar", as: "library/busybox:1")
        let first = try supervisor.wherry("pull", name).run()
        #expect(first.status == 0, "\(first)")
        #expect(first.lines.last == name)
        #expect(first.output.contains(": Pull complete"))
        #expect(first.output.contains("Status: Downloaded newer image for \(name)"))
        #expect(try supervisor.wherry("run", "--rm", name, "echo", "afloat").succeed() == "afloat\n")
        let second = try supervisor.wherry("pull", name).succeed()
        #expect(second.contains("Status: Image is up to date for \(name)"))
        #expect(second.contains(": Already exists"))
    }

    @Test("has the digest that the registry has, and finds the image by it")
    func digest() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        let raw = try Command("skopeo", ["inspect", "--tls-verify=false", "--raw", "docker://\(name)"]).succeed()
        let digest = try Command("sha256sum").changed { $0.input = .text(raw) }.succeed().prefix(64)
        try supervisor.wherry("pull", "--quiet", name).succeed()
        let pinned = "\(registry.address)/a/b@sha256:\(digest)"
        let format = "{{index .RepoDigests 0}}"
        #expect(try supervisor.wherry("inspect", "--format", format, name).succeed() == pinned + "\n")
        try supervisor.wherry("rmi", name).succeed()
        #expect(try supervisor.wherry("pull", "--quiet", pinned).succeed() == pinned + "\n")
        #expect(try supervisor.wherry("run", "--rm", pinned, "echo", "afloat").succeed() == "afloat\n")
    }

    @Test("tells of progress in lines of JSON, and of nothing when it shall be quiet")
    func progress() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        let lines = try supervisor.wherry("pull", "--progress", "json", name).run().lines
        #expect(lines.allSatisfy { $0.hasPrefix("{\"content\":\"sha256:") }, "\(lines)")
        #expect(lines.last?.contains("\"step\":\"unpacked\"") == true)
        #expect(try supervisor.wherry("pull", "--quiet", name).succeed() == name + "\n")
    }

    @Test("redraws a line for each layer on a terminal")
    func terminal() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        let outcome = try supervisor.wherry("pull", name).startOnTerminal().wait(within: 30)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("\u{1b}[1A\r\u{1b}[K"), "\(outcome)")
        #expect(outcome.output.contains("Status: Downloaded newer image"))
    }

    @Test("run and create fetch what is missing, unless they shall not")
    func runMissing() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        let refused = try supervisor.wherry("run", "--rm", "--pull", "never", name, "true").run()
        #expect(refused.status == 125)
        #expect(refused.errors.contains("wherry pull"), "\(refused)")
        let first = try supervisor.wherry("run", "--rm", name, "echo", "afloat").run()
        #expect(first.output == "afloat\n", "\(first)")
        #expect(first.errors.contains("Unable to find image '\(name)' locally"))
        let second = try supervisor.wherry("run", "--rm", name, "echo", "afloat").run()
        #expect(second.errors == "", "\(second)")
        let third = try supervisor.wherry("create", "--pull", "always", "--quiet", name, "true").run()
        #expect(third.status == 0, "\(third)")
        let unknown = try supervisor.wherry("create", "--pull", "often", name).run()
        #expect(unknown.errors.contains("always, missing or never"))
    }

    @Test("an image that no registry has, and a registry that nobody is, are told in one line")
    func missing() throws {
        let missing = try supervisor.wherry("pull", "\(registry.address)/no/such:1").run()
        #expect(missing.status == 1)
        let reason = "not found in the registry: check name and tag"
        #expect(missing.errors == "wherry: \(registry.address)/no/such:1: \(reason)\n")
        let nobody = try supervisor.wherry("pull", "127.0.0.1:1/a").run()
        #expect(nobody.status == 1)
        #expect(nobody.errors.hasPrefix("wherry: 127.0.0.1:1/a:latest: cannot reach the registry: http://127.0.0.1:1"))
        #expect(nobody.errors.split(separator: "\n").count == 1, "\(nobody)")
    }

    @Test("another image for this machine is refused by the name of its platform")
    func platform() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        let refused = try supervisor.wherry("pull", "--platform", "linux/s390x", name).run()
        #expect(refused.status == 1)
        #expect(refused.errors.contains("no image for linux/s390x, only for linux/"), "\(refused)")
    }

    @Test("a name that moved gives the old image up, which keeps none")
    func moved() throws {
        let name = try push("busybox.oci.tar", as: "a/b:1")
        try supervisor.wherry("pull", "--quiet", name).succeed()
        _ = try push("layers.oci.tar", as: "a/b:1")
        #expect(try supervisor.wherry("pull", name).succeed().contains("Downloaded newer image"))
        let format = "{{.Repository}}:{{.Tag}}"
        let names = try supervisor.wherry("images", "--format", format).succeed().split(separator: "\n")
        #expect(Set(names) == ["<none>:<none>", Substring(name)])
    }
}
