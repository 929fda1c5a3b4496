import ArgumentParser
import FoundationEssentials
import Testing

@testable import ClientCommands

@Suite("docker's ways to write flags are understood")
struct FlagConventionTests {
    @Test(
        "values behind letters, letters in groups, flags with values",
        arguments: [
            (["run", "-eA=1", "x"], ["run", "-e", "A=1", "x"]), (["run", "-e=A=1", "x"], ["run", "-e", "A=1", "x"]),
            (["run", "-ite", "A=1", "x"], ["run", "-i", "-t", "-e", "A=1", "x"]),
            (["run", "-itv/a:/b", "x", "-eA=1"], ["run", "-i", "-t", "-v", "/a:/b", "x", "-eA=1"]),
            (
                ["run", "-d=true", "-t=false", "--rm=1", "--sig-proxy=false", "x"],
                ["run", "-d", "--rm", "--no-sig-proxy", "x"]
            ),
            (["run", "--name", "a", "-eA=1", "x"], ["run", "--name", "a", "-e", "A=1", "x"]),
            (["run", "--name=true", "x"], ["run", "--name=true", "x"]), (["run", "--", "-x"], ["run", "--", "-x"]),
            (["rm", "a", "-fv"], ["rm", "a", "-f", "-v"]), (["stop", "-t=-1", "a"], ["stop", "-t", "-1", "a"]),
            (["-Hunix:///x", "ps", "-aq"], ["-H", "unix:///x", "ps", "-a", "-q"]),
            (["container", "run", "-eA=1", "x", "-e=1"], ["container", "run", "-e", "A=1", "x", "-e=1"]),
            (["exec", "-it", "c", "sh", "-c", "x"], ["exec", "-i", "-t", "c", "sh", "-c", "x"]),
            (["start", "--attach", "run"], ["start", "--attach", "run"]),
        ])
    func rewrites(written: [String], read: [String]) { #expect(FlagConventions.rewrite(written).arguments == read) }

    private struct Dump: Decodable {
        struct Command: Decodable {
            var commandName: String
            var subcommands: [Command]?
            var arguments: [Argument]?
        }
        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
            }
            var kind: String
            var names: [Name]?
        }
        var command: Command
    }

    @Test("the table of flags is that of the commands themselves")
    func table() throws {
        let dump = try JSONDecoder().decode(Dump.self, from: Data(Wherry._dumpHelp().utf8)).command
        check(dump)
        for command in dump.subcommands ?? [] where command.commandName != "help" {
            check(command)
            for inner in command.subcommands ?? [] where inner.commandName != "help" && inner.commandName != "rm" {
                check(inner)
            }
        }
    }

    private func check(_ command: Dump.Command) {
        let valued = FlagConventions.valuedLetters[command.commandName] ?? []
        for argument in command.arguments ?? [] {
            for name in argument.names ?? [] where name.kind == "short" {
                #expect(
                    valued.contains(Character(name.name)) == (argument.kind == "option"),
                    "\(command.commandName) -\(name.name)")
            }
            for name in argument.names ?? [] where name.kind == "long" && argument.kind == "flag" {
                let known = FlagConventions.flagNames.contains(name.name) || name.name.hasPrefix("no-")
                #expect(
                    known || (command.commandName, name.name) == ("start", "attach"),
                    "\(command.commandName) --\(name.name)")
            }
        }
    }
}
