import Harness
import LineProtocol
import LinuxKernel
import Testing

@testable import ClientCommands

@Suite("Logins are kept where docker keeps them")
struct LoginTests {
    let scratch: Scratch
    private var file: String { scratch("docker/config.json") }
    private var environment: [String] {
        ["DOCKER_CONFIG=\(scratch("docker"))", "PATH=\(scratch("bin")):/usr/bin:/bin"]
    }

    init() throws {
        scratch = try Scratch()
        for name in ["docker", "bin"] { try Descriptor.workingDirectory.makeDirectory(scratch(name)) }
    }

    private var store: LoginStore { LoginStore(Environment(environment)) }

    private func content() throws -> String {
        String(decoding: try Descriptor.workingDirectory.readFile(file), as: UTF8.self)
    }

    /// A credential helper that writes down what it was asked, and answers `get` with `answer`.
    private func makeHelper(_ name: String, get answer: String, status: Int = 0) throws {
        let path = try scratch.file(
            "bin/docker-credential-\(name)",
            """
            #!/bin/sh
            echo "$1 $(cat)" >> \(scratch("asked"))
            [ "$1" != get ] || { echo '\(answer)'; exit \(status); }
            """)
        try Descriptor.workingDirectory.changeMode(of: path, to: 0o755)
    }

    private var asked: String { (try? Files.read(scratch("asked"))) ?? "" }

    @Test(
        "as docker names it",
        arguments: [
            ("localhost:5000", "localhost:5000"), ("https://r.example/v1/", "r.example"),
            ("docker.io", "https://index.docker.io/v1/"), ("index.docker.io", "https://index.docker.io/v1/"),
        ])
    func key(_ text: String, _ key: String) { #expect(RegistryHost(text).key == key) }

    @Test("what the file has beside logins stays as it is")
    func others() throws {
        _ = try scratch.file(
            "docker/config.json", #"{"psFormat":"{{.ID}}","auths":{"a.example":{"auth":"dTpw"}},"n":1.50}"#)
        _ = try store.keep(RegistryLogin(username: "me", password: "a:b"), for: RegistryHost("b.example"))
        #expect(try store.login(for: RegistryHost("a.example")) == RegistryLogin(username: "u", password: "p"))
        #expect(try store.login(for: RegistryHost("b.example")) == RegistryLogin(username: "me", password: "a:b"))
        #expect(try store.forget(RegistryHost("a.example")))
        #expect(try !store.forget(RegistryHost("a.example")))
        #expect(try content().contains(#""n": 1.50"#))
        #expect(try content().contains(#""psFormat": "{{.ID}}""#))
        #expect(try !content().contains("a.example"))
    }

    @Test("a new file is for its owner only, and one that is linked to stays where it is")
    func permissions() throws {
        let login = RegistryLogin(username: "u", password: "p")
        _ = try store.keep(login, for: .standard)
        #expect(try Descriptor.workingDirectory.status(of: file).mode == 0o600)
        try Descriptor.workingDirectory.rename(file, to: scratch("elsewhere.json"))
        try Descriptor.workingDirectory.makeSymbolicLink(file, to: "../elsewhere.json")
        _ = try store.keep(login, for: RegistryHost("a.example"))
        #expect(try Files.read(scratch("elsewhere.json")).contains("a.example"))
    }

    @Test(
        "addresses that old versions of docker kept are found",
        arguments: ["https://a.example/v1/", "http://a.example"])
    func oldKeys(_ key: String) throws {
        _ = try scratch.file("docker/config.json", #"{"auths":{"\#(key)":{"auth":"dTpw","identitytoken":"t"}}}"#)
        let expected = RegistryLogin(username: "u", password: "p", identityToken: "t")
        #expect(try store.login(for: RegistryHost("a.example")) == expected)
    }

    @Test("a file that is not JSON is named, and left alone", arguments: ["{", "[]", #"{"auths":"#])
    func broken(_ text: String) throws {
        _ = try scratch.file("docker/config.json", text)
        let outcome = try CommandOutcome.of(["pull", "a"], environment: environment, ScriptedSupervisor())
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.hasPrefix("wherry: cannot read \(file): "))
        #expect(try content() == text)
    }

    @Test("a helper keeps what the file says that it keeps")
    func helper() throws {
        _ = try scratch.file("docker/config.json", #"{"credsStore":"all","credHelpers":{"a.example":"one"}}"#)
        try makeHelper("one", get: #"{"ServerURL":"a.example","Username":"u","Secret":"p"}"#)
        try makeHelper("all", get: #"{"Username":"<token>","Secret":"t"}"#)
        #expect(try store.login(for: RegistryHost("a.example")) == RegistryLogin(username: "u", password: "p"))
        #expect(try store.login(for: .standard) == RegistryLogin(identityToken: "t"))
        #expect(try store.keep(RegistryLogin(username: "u", password: "p"), for: RegistryHost("a.example")) == nil)
        _ = try store.forget(RegistryHost("a.example"))
        #expect(
            asked == """
                get a.example
                get https://index.docker.io/v1/
                store {"Secret":"p","ServerURL":"a.example","Username":"u"}
                erase a.example

                """)
        #expect(try !content().contains("dTpw"))
    }

    @Test("a helper that has no login has none, and one that fails is named with what it says")
    func helperFails() throws {
        _ = try scratch.file("docker/config.json", #"{"credsStore":"x"}"#)
        try makeHelper("x", get: "credentials not found in native keychain", status: 1)
        #expect(try store.login(for: .standard) == nil)
        try makeHelper("x", get: "the keychain is locked", status: 1)
        let outcome = try CommandOutcome.of(["push", "a"], environment: environment, ScriptedSupervisor())
        #expect(outcome.errors == "wherry: docker-credential-x get: the keychain is locked\n")
        _ = try scratch.file("docker/config.json", #"{"credsStore":"nowhere"}"#)
        let missing = try CommandOutcome.of(["push", "a"], environment: environment, ScriptedSupervisor())
        #expect(missing.errors.contains("cannot find docker-credential-nowhere"))
    }

    @Test("login asks the registry, and keeps what it accepts")
    func login() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, RegistryProve.Result())
        let arguments = ["login", "-u", "me", "--password-stdin", "a.example"]
        let outcome = try CommandOutcome.of(arguments, input: "secret\n", environment: environment, supervisor)
        #expect(outcome.exitCode == 0 && outcome.output == "Login Succeeded\n")
        #expect(outcome.errors.contains("unencrypted in \(file)"))
        let expected = RegistryLogin(username: "me", password: "secret")
        #expect(try store.login(for: RegistryHost("a.example")) == expected)
        let asked: RegistryProve.Parameters? = try supervisor.requests().first?.parameters()
        #expect(asked?.registry == "a.example" && asked?.login == expected)
    }

    @Test("a token that the registry gives is kept instead of the password")
    func token() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.answer(2, RegistryProve.Result(identityToken: "lasting"))
        _ = try CommandOutcome.of(["login", "-u", "me", "-p", "secret"], environment: environment, supervisor)
        #expect(
            try store.login(for: .standard) == RegistryLogin(username: "me", password: "", identityToken: "lasting"))
    }

    @Test("what is refused is not kept")
    func refused() throws {
        let supervisor = try ScriptedSupervisor()
        try supervisor.fail(2, .unauthorized, "a.example: login refused")
        let arguments = ["login", "-u", "me", "-p", "secret", "a.example"]
        let outcome = try CommandOutcome.of(arguments, environment: environment, supervisor)
        #expect(outcome.exitCode == 1)
        #expect(try store.login(for: RegistryHost("a.example")) == nil)
    }

    @Test(
        "what cannot be asked for is told",
        arguments: [
            (["login"], "standard input is no terminal"), (["login", "--password-stdin"], "needs --username"),
            (["login", "-u", "a", "-p", "b", "--password-stdin"], "exclude each other"),
            (["login", "-u", "", "-p", "b"], "are needed"),
        ])
    func incomplete(_ arguments: [String], _ message: String) throws {
        let outcome = try CommandOutcome.of(arguments, environment: environment)
        #expect(outcome.exitCode == 125 && outcome.errors.contains(message), "\(outcome)")
    }

    @Test("logout says what there was")
    func logout() throws {
        _ = try store.keep(RegistryLogin(username: "u", password: "p"), for: RegistryHost("a.example"))
        let first = try CommandOutcome.of(["logout", "a.example"], environment: environment)
        #expect(first.output == "Removing login credentials for a.example\n")
        let second = try CommandOutcome.of(["logout", "a.example"], environment: environment)
        #expect(second.output == "Not logged in to a.example\n" && second.exitCode == 0)
    }

    @Test("pull and push carry the login for their registry, and for no other")
    func carried() throws {
        _ = try store.keep(RegistryLogin(username: "u", password: "p"), for: RegistryHost("a.example"))
        for (image, isCarried) in [("a.example/x", true), ("b.example/x", false)] {
            let supervisor = try ScriptedSupervisor()
            try supervisor.fail(2, .registryFailed, "no")
            try supervisor.fail(3, .registryFailed, "no")
            _ = try CommandOutcome.of(["push", image], environment: environment, supervisor)
            let asked: ImagePush.Parameters? = try supervisor.requests().first?.parameters()
            #expect((asked?.login != nil) == isCarried)
        }
    }
}
