internal import LinuxKernel
internal import RuntimeSpec

/// cgroup-v2.rst, "IO".
enum UnifiedIO: UnifiedController {
    static let name = "io"

    static func isNeeded(by resources: Resources) -> Bool {
        guard let io = resources.blockIO else { return false }
        let throttles = [
            io.throttleReadBpsDevice, io.throttleWriteBpsDevice, io.throttleReadIOPSDevice, io.throttleWriteIOPSDevice,
        ]
        return io.weight ?? 0 != 0 || io.leafWeight ?? 0 != 0 || io.weightDevice?.isEmpty == false
            || throttles.contains { $0?.isEmpty == false }
    }

    static func apply(_ resources: Resources, to directory: CgroupDirectory) throws(CgroupError) {
        guard let io = resources.blockIO else { return }
        let hasBFQ = directory.has("io.bfq.weight")
        if let weight = io.weight, weight != 0 {
            if hasBFQ {
                try directory.write("io.bfq.weight", "\(weight)")
            } else {
                try directory.write("io.weight", "\(self.weight(ofBlockWeight: UInt64(weight)))")
            }
        }
        for device in io.weightDevice ?? [] where hasBFQ {
            guard let weight = device.weight, weight != 0 else { continue }
            try directory.write("io.bfq.weight", "\(device.major):\(device.minor) \(weight)")
        }
        for (devices, key) in [
            (io.throttleReadBpsDevice, "rbps"), (io.throttleWriteBpsDevice, "wbps"),
            (io.throttleReadIOPSDevice, "riops"), (io.throttleWriteIOPSDevice, "wiops"),
        ] {
            for device in devices ?? [] {
                try directory.write("io.max", "\(device.major):\(device.minor) \(key)=\(device.rate)")
            }
        }
    }

    /// v1's 10 to 1000 onto v2's 1 to 10000, as a straight line.
    static func weight(ofBlockWeight weight: UInt64) -> UInt64 { 1 + (max(weight, 10) - 10) * 9999 / 990 }

    static func read(from directory: CgroupDirectory, into statistics: inout CgroupStatistics) throws(CgroupError) {
        guard let text = try directory.readIfPresent("io.stat") else { return }
        statistics.blockIO = Self.statistics(text)
        statistics.blockIO.psi = try Pressure(from: directory, "io.pressure")
    }

    /// Lines such as `8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252`, told in v1's terms.
    static func statistics(_ text: String) -> CgroupStatistics.BlockIO {
        var io = CgroupStatistics.BlockIO()
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            let device = fields[0].split(separator: ":").compactMap { UInt64($0) }
            guard device.count == 2 else { continue }
            for field in fields.dropFirst() {
                let pair = field.split(separator: "=")
                guard pair.count == 2, let value = UInt64(pair[1]) else { continue }
                func entry(_ op: String) -> CgroupStatistics.BlockEntry {
                    .init(major: device[0], minor: device[1], op: op, value: value)
                }
                switch pair[0] {
                case "rbytes": io.ioServiceBytesRecursive.append(entry("Read"))
                case "wbytes": io.ioServiceBytesRecursive.append(entry("Write"))
                case "rios": io.ioServicedRecursive.append(entry("Read"))
                case "wios": io.ioServicedRecursive.append(entry("Write"))
                default: continue
                }
            }
        }
        return io
    }
}
