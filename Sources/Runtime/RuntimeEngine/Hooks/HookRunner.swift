internal import LinuxKernel
internal import RuntimeSpec

/// Runs hooks: config.md, "POSIX-platform Hooks".
struct HookRunner {
    /// The container's state, which every hook reads.
    let state: State
    /// Where hooks work: where we do, unless told otherwise.
    let directory: String?
    /// The environment of hooks that name none.
    let environment: [String]

    init(state: State, in directory: String? = nil, environment: [String] = ThisProcess.environment) {
        self.state = state
        self.directory = directory
        self.environment = environment
    }

    /// Runs all of them in order; the first that fails ends it.
    func run(_ hooks: [Hook]?, _ moment: String) throws(RuntimeError) {
        for (index, hook) in (hooks ?? []).enumerated() { try run(hook, "error running \(moment) hook #\(index)") }
    }

    /// Runs all of them, whatever becomes of the others; returns what went wrong.
    func runAll(_ hooks: [Hook]?, _ moment: String) -> [RuntimeError] {
        (hooks ?? []).enumerated().compactMap { index, hook in
            do throws(RuntimeError) {
                try run(hook, "error running \(moment) hook #\(index)")
                return nil
            } catch { return error }
        }
    }

    private func run(_ hook: Hook, _ member: String) throws(RuntimeError) {
        let document = state.document()
        let problem = try performing(member) { () throws(SystemError) in try self.problem(with: hook, document) }
        if let problem { throw RuntimeError(.hookFailed, "\(member): \(hook.path) \(problem)") }
    }

    /// What was wrong with it; nil if it ran and is content.
    private func problem(with hook: Hook, _ document: [UInt8]) throws(SystemError) -> String? {
        // Files in memory, where pipes could fill up and block us or the hook.
        let input = try makeMemoryFile(named: "state")
        try input.descriptor.writeAll(document)
        let output = try makeMemoryFile(named: "output")
        let request = SpawnRequest(
            path: hook.path, arguments: (hook.args ?? []).isEmpty ? [hook.path] : hook.args ?? [],
            environment: hook.env ?? environment,
            descriptors: [try input.descriptor.rewound(), output.descriptor, output.descriptor], directory: directory)
        let process: ProcessHandle
        do { process = try request.spawn() } catch { return "cannot be run: \(error.errno)" }
        return try Self.wait(for: process, hook.timeout).map { $0 + Self.said(output.descriptor) }
    }

    /// What became of it, unless it is well.
    private static func wait(for process: borrowing ProcessHandle, _ timeout: Int?) throws(SystemError) -> String? {
        let milliseconds = timeout.map { CInt(clamping: $0.multipliedReportingOverflow(by: 1000).partialValue) } ?? -1
        if try process.descriptor.descriptor.wait(for: .readable, milliseconds: milliseconds).isEmpty {
            try process.signal(Signal.kill)
            _ = try process.wait()
            return "took longer than \(timeout ?? 0) s"
        }
        switch try process.wait().cause {
        case .exited(0): return nil
        case .exited(let code): return "exited with status \(code)"
        case .signaled(let signal, _): return "was ended by signal \(signal) (\(Signal.words(for: signal)))"
        }
    }

    private static func said(_ output: Descriptor) -> String {
        guard let bytes = try? output.read(upTo: 1024, at: 0), !bytes.isEmpty else { return "" }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return ": " + lines.joined(separator: " | ")
    }
}
