/// What `<root>/<id>/container` holds: one file, since the making of a file is the dearest of what a state costs.
///
///     {"ociVersion":"1.3.0", …}     what does not change: ``StoredContainer``, in one line
///     2996                          the configuration's length in bytes
///     { … }                         the configuration that the container was made from, byte for byte
///     29575 1843193                 number and start time of the first process: added once `create` is through
struct StateRecord: Hashable {
    /// JSON without a newline.
    let container: [UInt8]
    let configuration: [UInt8]
    /// Nil while the container is being created.
    var process: FirstProcess?

    init(container: [UInt8], configuration: [UInt8]) {
        self.container = container
        self.configuration = configuration
    }

    /// What is added to the file when there is a first process.
    static func addition(_ process: FirstProcess) -> [UInt8] { Array(process.line.utf8) }

    var bytes: [UInt8] {
        var bytes = container + Array("\n\(configuration.count)\n".utf8) + configuration + [Self.newline]
        if let process { bytes += Self.addition(process) }
        return bytes
    }

    /// Nil when the file ends too early. A process whose line is not whole is still being written.
    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: Self.newline, maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, let length = Int(String(decoding: lines[1], as: UTF8.self)), length >= 0,
            lines[2].count > length
        else { return nil }
        self.init(container: Array(lines[0]), configuration: Array(lines[2].prefix(length)))
        let rest = lines[2].dropFirst(length + 1)
        if rest.last == Self.newline { process = FirstProcess(line: Array(rest)) }
    }

    private static let newline = UInt8(ascii: "\n")
}
