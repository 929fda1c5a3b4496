internal import LineProtocol
internal import LinuxKernel

/// What a program that was run to its end has said. Blocks.
struct ProgramAnswer: Sendable {
    let output: [UInt8]
    let errors: [UInt8]
    let isSuccess: Bool

    private static let most = 16 << 20

    /// Runs `path`, or the program of that name where programs are.
    init(_ path: String, _ arguments: [String]) throws(SystemError) {
        let here = Descriptor.workingDirectory
        let null = try here.open("/dev/null", .readOnly)
        // Files and not pipes: neither is ever full, so the program never waits for us.
        let output = try makeMemoryFile(named: "output")
        let errors = try makeMemoryFile(named: "errors")
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let program = try SpawnRequest(
            path: Self.found(path), arguments: [name] + arguments,
            environment: ["PATH=\(ContainerConfiguration.defaultPath)"],
            descriptors: [null.descriptor, output.descriptor, errors.descriptor]
        ).spawn()
        if case .exited(0) = try program.wait().cause { isSuccess = true } else { isSuccess = false }
        self.output = try Self.content(of: output.descriptor)
        self.errors = try Self.content(of: errors.descriptor)
    }

    private static func content(of file: Descriptor) throws(SystemError) -> [UInt8] {
        try file.read(upTo: min(Int(file.status().size), most), at: 0)
    }

    private static func found(_ name: String) throws(SystemError) -> String {
        if name.contains("/") { return name }
        guard let path = ThisProcess.findProgram(name, in: ContainerConfiguration.defaultPath) else {
            throw SystemError(.noEntry, "find the program", name)
        }
        return path
    }

    /// The first line of what it complained about.
    var complaint: String {
        let line = errors.prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? "it gave no reason" : String(decoding: line, as: UTF8.self)
    }
}
