import LineProtocol
import LinuxKernel

/// The log of a container: standard output and standard error, cut into lines each for itself, in one file.
final class ContainerLog {
    private let file: LogFile
    private var output = LogLines()
    private var errors = LogLines()

    init(_ file: LogFile) { self.file = file }

    /// Takes what was read from `stream`; nothing at its end.
    func take(_ stream: LogRecord.Stream, _ bytes: ArraySlice<UInt8>) {
        let now = Timestamp.now
        let file = self.file
        let record = { (bytes: ArraySlice<UInt8>, moment: Timestamp) in
            file.append(bytes, stream, at: moment)
        }
        switch (stream, bytes.isEmpty) {
        case (.standardOutput, false): output.append(bytes, at: now, record)
        case (.standardError, false): errors.append(bytes, at: now, record)
        case (.standardOutput, true): output.finish(at: now, record)
        case (.standardError, true): errors.finish(at: now, record)
        }
        file.finishBatch()
    }

    func synchronize() { file.synchronize() }
}
