internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// A row of `history`.
struct HistoryRow {
    static let columns = #"{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"#
    static let headings = [
        "ID": "IMAGE", "CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "CreatedBy": "CREATED BY", "Size": "SIZE",
        "Comment": "COMMENT",
    ]
    private static let longestCommand = 45

    struct Style {
        var isHuman: Bool
        var truncates: Bool
        var now: Timestamp
    }

    let step: ImageHistory.Step
    /// Nil for a step that left no image of its own.
    let id: String?
    let style: Style

    init(_ step: ImageHistory.Step, id: String?, _ style: Style) {
        self.step = step
        self.id = id
        self.style = style
    }

    var data: TemplateData {
        let moment = step.created.map { "\($0)" } ?? ""
        return TemplateData.row([
            "ID": id.map { style.truncates ? $0.shortID : $0 } ?? "<missing>",
            "CreatedSince": style.isHuman ? step.created.map { $0.age(at: style.now) + " ago" } ?? "N/A" : moment,
            "CreatedAt": moment,
            "CreatedBy": command,
            "Size": style.isHuman ? HumanSize.decimal(step.size) : "\(step.size)",
            "Comment": step.comment,
        ])
    }

    private var command: String {
        let text = step.createdBy.replacing("\t", with: " ")
        guard style.truncates, text.count > Self.longestCommand else { return text }
        return text.prefix(Self.longestCommand - 1) + "…"
    }
}
