internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

enum ProgressStyle: Sendable, Hashable { case quiet, terminal, plain, json }

/// Shows how an image's contents come and go: a line for each that changes in place on a terminal; elsewhere a line for each
/// step, in words or as JSON.
struct ProgressView {
    private let style: ProgressStyle
    private let output: Descriptor
    private var lines: [(content: String, text: String)] = []
    /// The last steps that were written, for output that cannot be overwritten.
    private var steps: [String: ImageProgress.Step] = [:]

    init(_ style: ProgressStyle, on output: Descriptor) {
        self.style = style
        self.output = output
    }

    mutating func show(_ progress: ImageProgress) throws {
        switch style {
        case .quiet: break
        case .json: try write(String(decoding: Envelope.encode(progress), as: UTF8.self) + "\n")
        case .plain:
            guard steps.updateValue(progress.step, forKey: progress.content) != progress.step else { return }
            try write("\(progress.content.shortID): \(progress.words)\n")
        case .terminal: try draw(progress)
        }
    }

    private mutating func draw(_ progress: ImageProgress) throws {
        let text = "\(progress.content.shortID): \(progress.words)\(progress.bar)"
        if let place = lines.firstIndex(where: { $0.content == progress.content }) {
            lines[place].text = text
            try write(
                Self.up(lines.count - place) + "\r\u{1b}[K" + clipped(text) + Self.down(lines.count - place) + "\r")
        } else {
            lines.append((progress.content, text))
            try write(clipped(text) + "\n")
        }
    }

    private static func up(_ count: Int) -> String { "\u{1b}[\(count)A" }
    private static func down(_ count: Int) -> String { "\u{1b}[\(count)B" }

    /// A line that the terminal would break takes two, and the others would be found in the wrong places.
    private func clipped(_ text: String) -> String {
        // A terminal that does not know its width says 0.
        let columns = (try? output.terminalSize()).map { $0.columns > 0 ? Int($0.columns) : 80 } ?? 80
        return String(text.prefix(max(1, columns - 1)))
    }

    private func write(_ text: String) throws { try output.writeAll(text) }
}

extension ImageProgress {
    /// docker's words, which people know.
    var words: String {
        switch step {
        case .present: "Already exists"
        case .waiting: "Pulling fs layer"
        case .downloading: "Downloading"
        case .retrying: "Retrying: \(reason ?? "")"
        case .downloaded: "Download complete"
        case .unpacking: "Extracting"
        case .unpacked: "Pull complete"
        case .preparing: "Preparing"
        case .uploading: "Pushing"
        case .uploaded: "Pushed"
        case .mounted: "Mounted from \(source ?? "another repository")"
        }
    }

    /// ` [=====>    ] 1.2MB/5MB`; nothing but while it is downloading or uploading.
    var bar: String {
        guard [.downloading, .uploading].contains(step), let current, let total, total > 0 else { return "" }
        let width = 50
        let filled = Int(Double(width) * Double(min(current, total)) / Double(total))
        let head = filled < width ? ">" : ""
        let line = String(repeating: "=", count: filled) + head
        let rest = String(repeating: " ", count: width - filled - head.count)
        return " [\(line)\(rest)] \(HumanSize.decimal(current))/\(HumanSize.decimal(total))"
    }
}
