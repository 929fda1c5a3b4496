import LineProtocol
import LinuxKernel

/// Runs the runtime, several calls at once if need be, and tells how each ended.
final class RuntimeCalls {
    private let program: RuntimeProgram
    private let paths: ShimPaths
    private let children: ChildWatch
    private let loop: EventLoop
    private var count = 0

    init(program: RuntimeProgram, paths: ShimPaths, children: ChildWatch, loop: EventLoop) {
        self.program = program
        self.paths = paths
        self.children = children
        self.loop = loop
    }

    /// A number for the files of the next call.
    func nextNumber() -> Int {
        count += 1
        return count
    }

    /// Starts `command` with `streams` as its descriptors 0, 1 and 2, and calls `onEnd` with nil when it has ended
    /// well, or with why it has not, for which `complaint` serves if its log says nothing. A runtime that cannot even
    /// be run calls it too, later.
    func run(
        _ command: RuntimeCommand, number: Int? = nil, streams: [Descriptor?] = RuntimeCalls.ownStreams,
        complaint: @escaping () -> [UInt8] = { [] }, onEnd: @escaping (ProtocolFailure?) -> Void
    ) {
        let log = paths.runtimeLog(number ?? nextNumber())
        let request = SpawnRequest(
            path: program.path, arguments: program.arguments(command, log: log),
            environment: Self.environment, descriptors: streams)
        do {
            try children.watch(try request.spawn()) { [self] status in
                let failure = failure(of: command, status, log: log, complaint)
                try? Descriptor.workingDirectory.removeFile(log)
                onEnd(failure)
            }
        } catch {
            let failure = ProtocolFailure(
                error.errno == .noEntry ? .runtimeFailed : .system, "cannot run the runtime: \(error)")
            loop.afterThis { onEnd(failure) }
        }
    }

    /// For a call that has nothing to do with a process's streams: complaints go where the shim's own go.
    static let ownStreams: [Descriptor?] = [.standardInput, .standardOutput, .standardError]

    /// Ours; but whoever watches over us is not to hear that containers are ready.
    private static var environment: [String] {
        ThisProcess.environment.filter { !$0.hasPrefix("NOTIFY_SOCKET=") }
    }

    private func failure(
        of command: RuntimeCommand, _ status: ExitStatus?, log: String, _ complaint: () -> [UInt8]
    ) -> ProtocolFailure? {
        if case .exited(0) = status?.cause { return nil }
        let text = (try? Descriptor.workingDirectory.readFile(log, limit: 4 << 20)) ?? []
        if let report = RuntimeReport(log: text) { return ProtocolFailure(report.kind, report.message) }
        let name = program.path.split(separator: "/").last.map(String.init) ?? program.path
        let reason = lastLine(complaint()) ?? "it gave no reason"
        return ProtocolFailure(.runtimeFailed, "\(name) \(command.verb) \(Self.ending(status)): \(reason)")
    }

    private func lastLine(_ text: [UInt8]) -> String? {
        text.split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func ending(_ status: ExitStatus?) -> String {
        switch status?.cause {
        case .exited(let code): "ended with exit status \(code)"
        case .signaled(let signal, _): "was ended by signal \(signal)"
        case nil: "ended"
        }
    }
}
