internal import LinuxKernel

/// The version of a program that the supervisor runs, as `PROGRAM --version` tells it. Blocks for a second at most.
enum ProgramVersion {
    /// The last word of the first line, `NAME version 1.2.3`; `unknown` if the program tells none.
    static func ask(_ path: String) -> String {
        guard let text = try? answer(path), let words = text.split(separator: "\n").first?.split(separator: " ") else {
            return "unknown"
        }
        return words.last.map(String.init) ?? "unknown"
    }

    private static func answer(_ path: String) throws(SystemError) -> String {
        let (reader, writer) = try Pipe().split()
        let output = OwnedDescriptor(owning: reader.number)
        let null = try Descriptor.workingDirectory.open("/dev/null", .readWrite)
        let program = try start(path, null.descriptor, writer)
        let isReadable = try output.descriptor.wait(for: .readable, milliseconds: 1000).contains(.readable)
        let bytes = isReadable ? try output.descriptor.read(upTo: 4096) : []
        // It has said what it had to say, or hangs.
        try? program.signal(Signal.kill)
        _ = try program.wait()
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func start(_ path: String, _ null: Descriptor, _ writer: Descriptor) throws(SystemError)
        -> ProcessHandle
    {
        defer { writer.close() }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return try SpawnRequest(
            path: path, arguments: [name, "--version"], environment: [], descriptors: [null, writer, null]
        ).spawn()
    }
}
