internal import LinuxKernel
internal import Logging

/// Writes the log to standard error, one line for each thing, with the moment and the level before it.
struct LineLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(label: String) {}

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // Whatever a container's name or a file's holds, a line stays one line.
        let text = String(event.message.description.map { $0.isNewline ? " " : $0 })
        let line = "\(Timestamp.now) \(event.level) \(text)\n"
        // One write a line: lines of several threads do not mix. A closed standard error is nobody's concern.
        try? Descriptor.standardError.writeAll(line)
    }
}
