import ArgumentParser
import LinuxKernel
import Testing

@testable import CommandKit

private struct Sample: ParsableCommand {
    @Flag var fails = false
    @Argument var name: String
    func run() throws { if fails { throw CommandFailure("no such thing: \(name)", exitCode: 7) } }
}

@Suite struct FailureTests {
    /// Runs `Sample`; returns the exit code and what came on either stream.
    private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
        let output = try makeMemoryFile(named: "output")
        let errors = try makeMemoryFile(named: "errors")
        let program = CommandLineProgram(
            named: "sample", usageExitCode: 125, output: output.descriptor, errors: errors.descriptor)
        let code = program.run(Sample.self, arguments)
        func text(_ file: borrowing OwnedDescriptor) throws -> String {
            String(decoding: try file.descriptor.read(upTo: 1 << 16, at: 0), as: UTF8.self)
        }
        return (code, try text(output), try text(errors))
    }

    @Test("a command that succeeds says nothing and gives 0")
    func success() throws { #expect(try run(["x"]) == (0, "", "")) }

    @Test("a failure is one line with the program's name, and its own exit code")
    func failure() throws { #expect(try run(["--fails", "x"]) == (7, "", "sample: no such thing: x\n")) }

    @Test("a command line that is not understood is one line too")
    func usage() throws {
        #expect(try run(["--bogus", "x"]) == (125, "", "sample: unknown option '--bogus'\n"))
        #expect(try run([]) == (125, "", "sample: missing expected argument '<name>'\n"))
    }

    @Test("help goes to standard output and is no failure")
    func help() throws {
        let (code, output, errors) = try run(["--help"])
        #expect(code == 0 && errors.isEmpty && output.contains("USAGE: sample"))
    }

    @Test(
        "the exit codes of a command that runs a process are docker's",
        arguments: [
            (ExitCodes.Cause.executableNotFound, Int32(127), Int32(127)), (.notExecutable, 126, 126),
            (.notStarted, 125, 126), (.other, 125, 1),
        ])
    func runsProcess(cause: ExitCodes.Cause, run: Int32, exec: Int32) {
        #expect(ExitCodes.code(for: cause, in: .runsContainer) == run)
        #expect(ExitCodes.code(for: cause, in: .runsInContainer) == exec)
        #expect(ExitCodes.code(for: cause, in: .manages) == 1)
    }
}
