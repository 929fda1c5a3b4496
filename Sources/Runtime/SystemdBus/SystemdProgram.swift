internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec

/// The program `wherry-systemd`: does what is asked on standard input, a line of JSON each, until its end.
public enum SystemdProgram {
    private static let help = """
        usage: wherry-systemd [--user]

        Talks to systemd for wherry-runtime, which runs it for --systemd-cgroup. Reads requests from standard input and
        writes answers to standard output, JSON, one a line. It ends with its caller.

           --user         the manager of the user who calls, instead of the system's
           --help, -h     show this help
           --version, -v  print the version

        """
    private static let version = "0.1.0"

    /// Returns the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        var isUser = false
        for argument in arguments.dropFirst() {
            switch argument {
            case "--user": isUser = true
            case "--help", "-h": return write(help)
            case "--version", "-v": return write("wherry-systemd version \(version)\n")
            default:
                _ = try? Descriptor.standardError.writeAll("wherry-systemd: unknown argument \(argument)\n\(help)")
                return 64
            }
        }
        return serve(isUser: isUser)
    }

    private static func write(_ text: String) -> Int32 {
        (try? Descriptor.standardOutput.writeAll(text)) == nil ? 1 : 0
    }

    private static func serve(isUser: Bool) -> Int32 {
        // A caller that is killed closes nothing where others hold copies of its end.
        try? ThisProcess.setParentDeathSignal(Signal.terminate)
        let manager: UnitManager
        do throws(BusError) {
            manager = try UnitManager(isUser: isUser)
            answer(try manager.greeting())
        } catch {
            answer(error)
            return 1
        }
        var lines = InputLines()
        while let line = lines.next() {
            do {
                try manager.perform(try SystemdRequest(parsing: line))
                answer(SystemdAnswer())
            } catch let error as BusError { answer(error) } catch { answer(BusError("\(error)")) }
        }
        return 0
    }

    private static func answer(_ error: BusError) {
        answer(SystemdAnswer(error: error.description, errorName: error.name))
    }

    /// A caller who does not listen any more has ended: the next reading tells.
    private static func answer(_ answer: SystemdAnswer) {
        try? Descriptor.standardOutput.writeAll(answer.json.line + "\n")
    }
}

/// Standard input, line by line.
private struct InputLines {
    private var received: [UInt8] = []

    /// Nil at the end.
    mutating func next() -> [UInt8]? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeSubrange(...end) }
                return Array(received[..<end])
            }
            guard received.count <= maximumDocumentSize,
                let part = try? Descriptor.standardInput.read(upTo: 4096), !part.isEmpty
            else { return nil }
            received += part
        }
    }
}
