import Testing

@testable import RuntimeCommands

@Suite("The command line is runc's")
struct ScannerTests {
    private func scan(_ words: [String], _ command: Command) throws -> (FlagValues, FlagValues, [String]) {
        var scanner = ArgumentScanner(words)
        var (global, name) = try scanner.globalPart(GlobalFlags.all)
        #expect(name == command.name)
        let (flags, arguments) = try scanner.commandPart(command, globalFlags: GlobalFlags.all, global: &global)
        return (global, flags, arguments)
    }

    @Test("flags have one dash or two, and values behind a space or an equals sign")
    func spellings() throws {
        let words = ["-root", "/a", "--log=/b", "run", "-b", "/c", "--pid-file=d", "-detach", "box"]
        let (global, flags, arguments) = try scan(words, .run)
        #expect(global.text("root") == "/a")
        #expect(global.text("log") == "/b")
        #expect(flags.text("bundle") == "/c")
        #expect(flags.text("pid-file") == "d")
        #expect(flags.isSet("detach"))
        #expect(arguments == ["box"])
    }

    @Test("flags may stand behind the container, and global ones behind the command")
    func order() throws {
        let (global, flags, arguments) = try scan(["run", "box", "--debug", "--keep"], .run)
        #expect(global.isSet("debug"))
        #expect(flags.isSet("keep"))
        #expect(arguments == ["box"])
    }

    @Test("a command's own flag goes before a global one of the same name")
    func shadowing() throws {
        let (global, flags, _) = try scan(["--rootless", "true", "spec", "--rootless"], .spec)
        #expect(global.text("rootless") == "true")
        #expect(flags.isSet("rootless"))
    }

    @Test("behind the container, exec's words are the program's, whatever they look like")
    func literal() throws {
        let words = ["exec", "-e", "A=1", "--env", "B=2", "box", "sh", "-c", "--", "-e", "x"]
        let (_, flags, arguments) = try scan(words, .exec)
        #expect(flags.all("env") == ["A=1", "B=2"])
        #expect(arguments == ["box", "sh", "-c", "--", "-e", "x"])
    }

    @Test("a flag without a value can be taken back")
    func negation() throws {
        let (_, flags, _) = try scan(["exec", "--no-new-privs=false", "box", "sh"], .exec)
        #expect(flags.has("no-new-privs"))
        #expect(!flags.isSet("no-new-privs"))
    }

    @Test(
        "what cannot be understood is named",
        arguments: [
            (["run", "--nonsense", "box"], "flag provided but not defined: -nonsense"),
            (["run", "box", "--pid-file"], "flag needs an argument: -pid-file"),
            (["run", "--keep=perhaps", "box"], "invalid boolean value \"perhaps\" for -keep"),
        ])
    func mistakes(_ words: [String], _ message: String) {
        let error = #expect(throws: UsageError.self) { try scan(words, .run) }
        #expect(error?.description == message)
    }
}
