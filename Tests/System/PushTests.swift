import Harness
import LinuxKernel
import Testing

@Suite("wherry push", .leavesNothingBehind)
struct PushTests {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.load("busybox.oci.tar")
    }

    private func wherry(_ arguments: String...) throws -> Command {
        try supervisor.wherry(arguments).changed {
            $0.environment = Command.plainEnvironment + ["DOCKER_CONFIG=\(scratch("docker"))"]
        }
    }

    private func skopeo(_ arguments: String...) throws -> Command {
        Command("skopeo", ["--insecure-policy"] + arguments)
    }

    private static func digest(_ output: String) -> String {
        output.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("sha256:") }.map(String.init) ?? ""
    }

    @Test("an image that was pulled goes back with the digest that it came with")
    func sameDigest() throws {
        let registry = try RegistryProgram(in: scratch)
        let (name, copy) = ("\(registry.address)/a/b:1", "\(registry.address)/c/d:2")
        try wherry("tag", "busybox", name).succeed()
        let first = try wherry("push", name).succeed()
        #expect(first.contains(": Pushed\n") && first.contains("1: digest: sha256:"), "\(first)")
        let digest = Self.digest(first)
        #expect(
            try skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://\(name)").succeed()
                == digest + "\n")
        try wherry("rmi", name, "busybox").succeed()
        try wherry("pull", "--quiet", name).succeed()
        try wherry("tag", name, copy).succeed()
        let second = try wherry("push", copy).succeed()
        #expect(second.contains(": Mounted from a/b\n"), "\(second)")
        #expect(Self.digest(second) == digest)
        #expect(try wherry("push", "--quiet", copy).succeed() == copy + "\n")
    }

    @Test("tags: a name that moves leaves the other image, and --all-tags sends all of a repository")
    func tags() throws {
        let registry = try RegistryProgram(in: scratch)
        let repository = "\(registry.address)/a/b"
        for tag in ["1", "2"] { try wherry("tag", "busybox", "\(repository):\(tag)").succeed() }
        let output = try wherry("push", "--all-tags", repository).succeed()
        #expect(output.contains("\n1: digest: ") && output.contains("\n2: digest: "), "\(output)")
        #expect(try registry.request("GET", "/v2/a/b/tags/list").body.contains(#"["1","2"]"#))
        try wherry("rmi", "\(repository):1").succeed()
        #expect(try wherry("images", "--format", "{{.Tag}}", repository).succeed() == "2\n")
    }

    @Test("a registry that knows its users takes an image after a login, and docker's login is ours")
    func login() throws {
        let users = try scratch.file("users", "anna:$2y$05$6FUXbbHaL.YvyN9Owz5STO95JI/drF0vn07PjHOu6P3fFmyd94s3S\n")
        let registry = try RegistryProgram(in: scratch, ["--htpasswd", users])
        let name = "\(registry.address)/a/b:1"
        try wherry("tag", "busybox", name).succeed()
        let refused = try wherry("push", name).run()
        #expect(refused.status == 1 && refused.errors.contains("access denied"), "\(refused)")
        let wrong = try wherry("login", "-u", "anna", "-p", "wrong", registry.address).run()
        #expect(wrong.status == 1 && wrong.errors.contains("login refused"), "\(wrong)")
        try skopeo(
            "login", "--authfile", scratch("docker/config.json"), "--tls-verify=false", "-u", "anna", "-p",
            "secret", registry.address
        ).succeed()
        try wherry("push", "--quiet", name).succeed()
        try wherry("logout", registry.address).succeed()
        #expect(try wherry("pull", name).run().status == 1)
        try wherry("login", "-u", "anna", "-p", "secret", registry.address).succeed()
        try wherry("pull", "--quiet", name).succeed()
        try skopeo(
            "inspect", "--authfile", scratch("docker/config.json"), "--tls-verify=false", "docker://\(name)"
        ).succeed()
    }

    @Test("a password is asked for at a terminal, and not shown")
    func prompt() throws {
        let users = try scratch.file("users", "anna:$2y$05$6FUXbbHaL.YvyN9Owz5STO95JI/drF0vn07PjHOu6P3fFmyd94s3S\n")
        let registry = try RegistryProgram(in: scratch, ["--htpasswd", users])
        let terminal = try wherry("login", registry.address).changed { $0.input = .open }.startOnTerminal()
        try terminal.waitForOutput("Username: ")
        try terminal.send("anna\r")
        try terminal.waitForOutput("Password: ")
        try terminal.send("secrex\u{7f}t\r")
        let outcome = try terminal.wait()
        #expect(outcome.status == 0 && outcome.output.contains("Login Succeeded"), "\(outcome)")
        #expect(!outcome.output.contains("secre"))
    }

    @Test("what cannot be pushed is told in one line")
    func refusals() throws {
        let unnamed = try wherry("push", "127.0.0.1:1/nothing").run()
        #expect(
            unnamed.errors
                == "wherry: no image is called 127.0.0.1:1/nothing:latest: give it that name with `wherry tag`\n")
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let pinned = try wherry("push", "127.0.0.1:1/a@\(digest)").run()
        #expect(pinned.errors.contains("a name with a tag is expected"))
        #expect(try wherry("tag", "busybox", "127.0.0.1:1/a@\(digest)").run().status == 1)
        try wherry("tag", "busybox", "127.0.0.1:1/a").succeed()
        let nobody = try wherry("push", "--quiet", "127.0.0.1:1/a").run()
        #expect(nobody.status == 1 && nobody.errors.contains("cannot reach the registry"), "\(nobody)")
        #expect(nobody.errors.split(separator: "\n").count == 1)
    }
}
