/// A line of proc_pid_mountinfo(5): a mount of a mount namespace.
public struct MountRecord: Hashable, Sendable {
    /// The directory of the file system that the mount shows; `/` is all of it.
    public let root: String
    public let mountPoint: String
    /// The kind of file system.
    public let type: String
    /// Of the superblock: `rw`, `size=64k`, …
    public let options: [String]

    /// Nil for a line that cannot be read.
    public init?(_ line: Substring) {
        let fields = line.pieces(at: " ", omittingEmpty: false)
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        root = Self.unescape(fields[3])
        mountPoint = Self.unescape(fields[4])
        type = String(fields[dash + 1])
        options = fields[dash + 3].pieces(at: ",").map(String.init)
    }

    /// Every mount of `text`, in the order in which they were made.
    public static func parse(_ text: String) -> [MountRecord] {
        text.pieces(at: "\n").compactMap(MountRecord.init)
    }

    /// Undoes the kernel's octal escapes of space, tab, newline and backslash.
    private static func unescape(_ field: Substring) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
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
