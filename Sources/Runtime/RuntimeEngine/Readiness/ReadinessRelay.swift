internal import LinuxKernel

/// Waits for a container's program to tell that it is ready, and tells it the caller's service manager: once, with the
/// process that is to be watched from then on, as runc does.
final class ReadinessRelay {
    private let listener: OwnedDescriptor
    private let manager: OwnedDescriptor
    /// Milliseconds that the manager may take to hear.
    private static let patience: CInt = 30_000
    private(set) var isDone = false

    init(_ listener: consuming OwnedDescriptor, manager: consuming OwnedDescriptor) {
        self.listener = listener
        self.manager = manager
    }

    /// Nothing once the manager knows.
    var request: PollRequest {
        PollRequest(isDone ? Descriptor(number: -1) : listener.descriptor, for: .readable)
    }

    /// Takes what was said. `mainProcess` is the process to be watched.
    func hear(mainProcess: Int32) throws(SystemError) {
        while !isDone {
            let message: [UInt8]
            do { message = try listener.descriptor.read(upTo: 4096) } catch {
                if error.errno == .again { return }
                throw error
            }
            guard let line = Self.readiness(in: message) else { continue }
            isDone = true
            try tell(line, mainProcess)
        }
    }

    private static func readiness(in message: [UInt8]) -> String? {
        let lines = String(decoding: message, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("READY=") }.map(String.init)
    }

    /// Returns when the manager has heard: we may be what it watches until then. sd_notify_barrier(3).
    private func tell(_ readiness: String, _ mainProcess: Int32) throws(SystemError) {
        for line in [readiness, "MAINPID=\(mainProcess)"] {
            _ = try manager.descriptor.send(Array((line + "\n").utf8))
        }
        let (reader, writer) = try Pipe().split()
        defer { reader.close() }
        do {
            defer { writer.close() }
            _ = try manager.descriptor.send(Array("BARRIER=1".utf8), passing: [writer])
        }
        _ = try reader.wait(for: [], milliseconds: Self.patience)
    }

    /// Until the program is ready, or has ended.
    func wait(for process: borrowing ProcessHandle) throws(RuntimeError) {
        let pid = process.pid
        var requests = [request, PollRequest(process.descriptor.descriptor, for: .readable)]
        try performing("cannot hear whether the container is ready") { () throws(SystemError) in
            while !isDone {
                try requests.wait()
                try hear(mainProcess: pid)
                if !requests[1].happened.isEmpty { return }
            }
        }
    }
}
