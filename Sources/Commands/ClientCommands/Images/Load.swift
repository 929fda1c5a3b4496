internal import ArgumentParser
internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

struct Load: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Read images from an archive: an OCI layout, or what docker save wrote.")

    @Option(
        name: [.customShort("i", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp(
            "Read from a file, or a directory that is an OCI layout, instead of standard input.", valueName: "file"))
    var input: String?

    @Flag(name: .shortAndLong, help: "Show no progress. (None is shown yet.)")
    var quiet = false

    func execute(_ client: Client) throws -> Int32 {
        let archive = try client.openArchive(input, command: "load", orLayout: true)
        let answer = try client.call(ImageLoad.self, Nothing(), passing: [archive])
        for image in answer.loaded {
            for reference in image.references { try client.print("Loaded image: \(reference)") }
            if image.references.isEmpty { try client.print("Loaded image ID: \(image.id)") }
        }
        return ExitCodes.success
    }
}

extension Client {
    /// A descriptor to hand over: of `file`, or of standard input without one. `orLayout`: it may be a directory.
    func openArchive(_ file: String?, command: String, orLayout: Bool = false) throws -> Descriptor {
        guard let file else {
            if input.isTerminal {
                throw CommandFailure(
                    "\(command) reads an archive from standard input, which is a terminal: redirect it, or name a file")
            }
            return try input.duplicate().release()
        }
        do {
            let archive = try Descriptor.workingDirectory.open(file)
            guard try orLayout || archive.descriptor.status().kind != .directory else {
                throw CommandFailure("\(file) is a directory: give an archive of it (tar -C \(file) -c .)")
            }
            return archive.release()
        } catch let error as SystemError {
            throw CommandFailure("cannot open \(file): \(error.errno)")
        }
    }
}
