internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// A row of `ps`: the fields that docker's templates know.
struct ContainerRow {
    static let columns =
        #"{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}"#
    static let headings = [
        "ID": "CONTAINER ID", "Image": "IMAGE", "Command": "COMMAND", "RunningFor": "CREATED", "Status": "STATUS",
        "Ports": "PORTS", "Names": "NAMES", "CreatedAt": "CREATED AT", "State": "STATE", "Labels": "LABELS",
        "Mounts": "MOUNTS", "Networks": "NETWORKS", "LocalVolumes": "LOCAL VOLUMES",
    ]

    let summary: ContainerSummary
    let now: Timestamp
    var truncates = true

    var data: TemplateData {
        TemplateData.row(
            [
                "ID": truncates ? summary.id.shortID : summary.id,
                "Image": image,
                "Command": command,
                "CreatedAt": summary.created.goText,
                "RunningFor": summary.created.age(at: now) + " ago",
                "Status": status,
                "State": summary.status.rawValue,
                "Ports": "",
                "Names": summary.name,
                "Labels": commaSeparated(summary.labels),
                "Networks": summary.network.rawValue,
                "Mounts": summary.mounts.map { truncates ? $0.shortened(to: 15) : $0 }.joined(separator: ","),
                "LocalVolumes": "\(summary.volumes)",
            ], labels: summary.labels)
    }

    private var image: String {
        if summary.image.isEmpty { return "<no image>" }
        return truncates && summary.image.hasPrefix("sha256:") ? summary.image.shortID : summary.image
    }

    private var command: String {
        let words = summary.command.enumerated().map { number, word in
            number > 0 && word.contains(" ") ? "'\(word)'" : word
        }
        let line = words.joined(separator: " ")
        return JSONValue.string(truncates ? line.shortened(to: 20) : line).compact
    }

    private var status: String {
        switch summary.status {
        case .created: "Created"
        case .running: "Up " + age(summary.started)
        case .paused: "Up \(age(summary.started)) (Paused)"
        case .restarting: "Restarting (\(summary.exitCode ?? 0)) \(age(summary.finished)) ago"
        case .exited: "Exited (\(summary.exitCode ?? 0)) \(age(summary.finished)) ago"
        case .removing: "Removal In Progress"
        case .dead: "Dead"
        }
    }

    private func age(_ moment: Timestamp?) -> String { (moment ?? summary.created).age(at: now) }
}
