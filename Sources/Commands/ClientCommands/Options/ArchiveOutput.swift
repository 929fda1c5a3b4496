internal import ArgumentParser
internal import CommandKit
internal import LinuxKernel

/// Where a command writes its archive.
struct ArchiveOutput: ParsableArguments {
    @Option(
        name: [.customShort("o", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    /// Has `body` write to the file, which is there afterwards whole or not at all, or to standard output.
    func write(_ command: String, _ client: Client, _ body: (Descriptor) throws -> Void) throws -> Int32 {
        if let output {
            try NewFile.write(at: output, body)
            return ExitCodes.success
        }
        guard !client.output.isTerminal else {
            throw CommandFailure(
                "\(command) writes an archive to standard output, which is a terminal: redirect it, or use -o")
        }
        try body(try client.output.duplicate().release())
        return ExitCodes.success
    }
}
