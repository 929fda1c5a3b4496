internal import RuntimeSpec

/// Documentation/admin-guide/cgroup-v1/blkio-controller.rst; config-linux.md, "Block IO".
enum LegacyBlkio: LegacyController {
    static let name = "blkio"
    static let unifiedName = "io"

    static func isNeeded(by resources: Resources) -> Bool { UnifiedIO.isNeeded(by: resources) }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let io = resources.blockIO else { return }
        // The weight is the I/O scheduler's: bfq's, or that of cfq, which kernels before 5.0 had.
        let scheduler = directory.has("blkio.weight") ? "blkio." : "blkio.bfq."
        if let weight = io.weight, weight != 0 { try directory.write(scheduler + "weight", "\(weight)") }
        if let weight = io.leafWeight, weight != 0 { try directory.write("blkio.leaf_weight", "\(weight)") }
        for device in io.weightDevice ?? [] {
            let number = "\(device.major):\(device.minor)"
            if let weight = device.weight, weight != 0 {
                try directory.write(scheduler + "weight_device", "\(number) \(weight)")
            }
            if let weight = device.leafWeight, weight != 0 {
                try directory.write("blkio.leaf_weight_device", "\(number) \(weight)")
            }
        }
        for (devices, name) in [
            (io.throttleReadBpsDevice, "read_bps"), (io.throttleWriteBpsDevice, "write_bps"),
            (io.throttleReadIOPSDevice, "read_iops"), (io.throttleWriteIOPSDevice, "write_iops"),
        ] {
            for device in devices ?? [] {
                try directory.write(
                    "blkio.throttle.\(name)_device", "\(device.major):\(device.minor) \(device.rate)")
            }
        }
    }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        let families = ["blkio.bfq.", "blkio.", "blkio.throttle."]
        guard let prefix = families.first(where: { directory.has($0 + "io_serviced_recursive") }) else { return }
        func entries(_ name: String) throws(CgroupError) -> [CgroupStatistics.BlockEntry] {
            Self.entries(try directory.readIfPresent(prefix + name + "_recursive") ?? "")
        }
        var io = CgroupStatistics.BlockIO()
        io.ioServiceBytesRecursive = try entries("io_service_bytes")
        io.ioServicedRecursive = try entries("io_serviced")
        io.ioQueueRecursive = try entries("io_queued")
        io.ioServiceTimeRecursive = try entries("io_service_time")
        io.ioWaitTimeRecursive = try entries("io_wait_time")
        io.ioMergedRecursive = try entries("io_merged")
        io.ioTimeRecursive = try entries("time")
        io.sectorsRecursive = try entries("sectors")
        statistics.blockIO = io
    }

    /// Lines such as `8:0 Read 1282048` or `8:0 6792`; the grand total is left out.
    static func entries(_ text: String) -> [CgroupStatistics.BlockEntry] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split { $0 == " " || $0 == ":" }
            guard fields.count == 3 || fields.count == 4, let major = UInt64(fields[0]), let minor = UInt64(fields[1]),
                let value = fields.last.flatMap({ UInt64($0) })
            else { return nil }
            return .init(major: major, minor: minor, op: fields.count == 4 ? String(fields[2]) : "", value: value)
        }
    }
}
