internal import CommandKit
internal import LineProtocol

/// A row of `stats`: the fields that docker's templates know.
struct StatisticsRow {
    static let columns =
        #"{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}"#
    static let headings = [
        "Container": "CONTAINER", "ID": "CONTAINER ID", "Name": "NAME", "CPUPerc": "CPU %",
        "MemUsage": "MEM USAGE / LIMIT", "MemPerc": "MEM %", "NetIO": "NET I/O", "BlockIO": "BLOCK I/O",
        "PIDs": "PIDS",
    ]

    let statistics: ContainerStatistics
    /// The name by which it was asked for.
    let asked: String?
    var truncates = true

    var data: TemplateData {
        let id = truncates ? statistics.id.shortID : statistics.id
        let memory = statistics.memoryLimit > 0 ? 100 * Double(statistics.memory) / Double(statistics.memoryLimit) : 0
        return TemplateData.row([
            "Container": asked ?? id,
            "ID": id,
            "Name": statistics.name,
            "CPUPerc": Self.percent(statistics.processorPercent ?? 0),
            "MemUsage": Self.binary(statistics.memory) + " / " + Self.binary(statistics.memoryLimit),
            "MemPerc": Self.percent(memory),
            "NetIO": Self.decimal(statistics.received) + " / " + Self.decimal(statistics.sent),
            "BlockIO": Self.decimal(statistics.read) + " / " + Self.decimal(statistics.written),
            "PIDs": "\(statistics.processes)",
        ])
    }

    private static func binary(_ bytes: UInt64) -> String { HumanSize.binary(Int64(clamping: bytes)) }
    private static func decimal(_ bytes: UInt64) -> String { HumanSize.decimal(Int64(clamping: bytes)) }

    /// With two digits behind the point.
    private static func percent(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = String(hundredths % 100)
        return "\(hundredths / 100)." + String(repeating: "0", count: 2 - rest.count) + rest + "%"
    }
}
