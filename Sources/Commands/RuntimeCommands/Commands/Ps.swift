internal import LinuxKernel
internal import RuntimeEngine
internal import RuntimeSpec

extension Command {
    static let ps = Command(
        "ps", "tell which processes a container has", arguments: "<container-id> [ps options]",
        flags: [Flag("format", "f", takes: "FORMAT", "table (default) or json")], count: 1...Int.max, literalAfter: 1
    ) { invocation in
        let processes = try invocation.root.engine.processes(invocation.container)
        switch invocation.flags.text("format") ?? "table" {
        case "json":
            let array = JSONValue.array(processes.map { .integer($0) })
            try Descriptor.standardOutput.writeAll(array.line + "\n")
        case "table":
            let options = invocation.arguments.dropFirst()
            let table = try ProcessTable.output(options.isEmpty ? ["-ef"] : Array(options))
            try Descriptor.standardOutput.writeAll(try ProcessTable.only(processes, of: table))
        default: throw UsageError("invalid format option")
        }
        return 0
    }
}

/// The machine's ps(1), and the lines of it that are about some processes.
enum ProcessTable {
    static func output(_ options: [String]) throws -> String {
        let pipe = try Pipe()
        let (reader, writer) = pipe.split()
        let output = OwnedDescriptor(owning: reader.number)
        let request = SpawnRequest(
            path: try program(), arguments: ["ps"] + options, environment: ThisProcess.environment,
            descriptors: [.standardInput, writer, writer])
        let child: ProcessHandle
        do {
            defer { writer.close() }
            child = try request.spawn()
        }
        let text = String(decoding: try output.descriptor.readAll(), as: UTF8.self)
        let status = try child.wait().shellCode
        guard status == 0 else { throw CommandFailure("ps failed with exit status \(status): \(text)") }
        return text
    }

    private static func program() throws -> String {
        if let path = ThisProcess.findProgram("ps") { return path }
        throw CommandFailure("ps: not found in PATH: install procps, or use --format json")
    }

    /// The title line, and the lines whose column PID names one of `processes`.
    static func only(_ processes: [Int32], of table: String) throws -> String {
        var lines = table.split(separator: "\n")[...]
        guard let title = lines.popFirst(), let column = title.split(separator: " ").firstIndex(of: "PID") else {
            throw CommandFailure("couldn't find PID field in ps output")
        }
        let wanted = Set(processes.map(String.init))
        let kept = lines.filter { line -> Bool in
            let fields = line.split(separator: " ")
            return fields.indices.contains(column) && wanted.contains(String(fields[column]))
        }
        return ([title] + kept).joined(separator: "\n") + "\n"
    }
}
