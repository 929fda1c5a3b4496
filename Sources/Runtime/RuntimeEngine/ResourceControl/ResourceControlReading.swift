internal import Cgroups
internal import LinuxKernel

extension ResourceControlStatistics {
    /// What resctrl tells of `group`; nil once it is gone.
    init?(_ group: ResourceControlGroup) {
        let files = ResourceControlFiles(root: group.root)
        guard let own = files.lines(group.path + "/schemata") else { return nil }
        self.init()
        let all = files.lines(group.root + "/schemata") ?? []
        schemata = own
        if files.has("info/L3") {
            cache = files.cache
            (cacheSchemaOfAll, cacheSchema) = (Self.line("L3", of: all), Self.line("L3", of: own))
        }
        if files.has("info/MB") {
            bandwidth = files.bandwidth
            (bandwidthSchemaOfAll, bandwidthSchema) = (Self.line("MB", of: all), Self.line("MB", of: own))
        }
        let counted = Set(files.lines("\(group.root)/info/L3_MON/mon_features") ?? [])
        // Without a group of the container's own, what is counted is the class's.
        let places = files.directories((group.monitoring ?? group.path) + "/mon_data")
        if !counted.isDisjoint(with: ["mbm_total_bytes", "mbm_local_bytes"]) {
            traffic = places.map {
                Traffic(
                    total: files.number($0 + "/mbm_total_bytes") ?? 0, local: files.number($0 + "/mbm_local_bytes") ?? 0
                )
            }
        }
        if counted.contains("llc_occupancy") {
            occupancy = places.map { Occupancy(bytes: files.number($0 + "/llc_occupancy") ?? 0) }
        }
    }

    private static func line(_ resource: String, of lines: [String]) -> String {
        lines.first { $0.hasPrefix(resource + ":") } ?? ""
    }
}

/// Files of resctrl as text.
private struct ResourceControlFiles {
    let root: String

    /// Without blanks around them; nil if there is no such file.
    func lines(_ path: String) -> [String]? {
        guard let bytes = try? Descriptor.workingDirectory.readFile(path, limit: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    }

    func number(_ path: String) -> UInt64? { lines(path)?.first.flatMap { UInt64($0) } }
    func has(_ name: String) -> Bool { (try? Descriptor.workingDirectory.exists("\(root)/\(name)")) == true }

    /// The directories in `path`, in order.
    func directories(_ path: String) -> [String] {
        let entries = (try? Descriptor.workingDirectory.entries(of: path)) ?? []
        return entries.filter { $0.kind == .directory }.map { "\(path)/\($0.name)" }.sorted()
    }

    private func info(_ name: String) -> UInt64 { number("\(root)/info/\(name)") ?? 0 }

    var cache: ResourceControlStatistics.Cache {
        ResourceControlStatistics.Cache(
            mask: lines(root + "/info/L3/cbm_mask")?.first ?? "", fewestBits: info("L3/min_cbm_bits"),
            classes: info("L3/num_closids"))
    }

    var bandwidth: ResourceControlStatistics.Bandwidth {
        ResourceControlStatistics.Bandwidth(
            granularity: info("MB/bandwidth_gran"), isLinear: info("MB/delay_linear"), least: info("MB/min_bandwidth"),
            classes: info("MB/num_closids"))
    }
}
