import LinuxKernel

/// The mounts of a mount namespace: proc_pid_mountinfo(5).
public struct MountTable {
    /// Mount points in the order in which they were mounted, escapes undone.
    public let points: [String]
    public let lines: [String]

    public static var ofThisProcess: MountTable { MountTable(path: "/proc/self/mountinfo") }

    public init(path: String) {
        lines = ((try? Files.read(path)) ?? "").split(separator: "\n").map(String.init)
        points = lines.compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 ? MountTable.unescape(fields[4]) : nil
        }
    }

    public func points(below path: String) -> [String] { points.filter { $0.hasPrefix(path + "/") || $0 == path } }

    private static func unescape(_ text: Substring) -> String {
        guard text.contains("\\") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
