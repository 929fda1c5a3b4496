import LinuxKernel

/// Writes tar archives byte by byte, good and bad ones.
struct TarBuilder {
    private(set) var bytes: [UInt8] = []

    enum Kind: String {
        case file = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case characterDevice = "3"
        case directory = "5"
        case fifo = "6"
        case pax = "x"
        case global = "g"
        case longName = "L"
    }

    mutating func add(
        _ kind: Kind, _ name: String, content: [UInt8] = [], link: String = "", mode: Int = 0o644, owner: Int = 0,
        modified: Int = 1_000_000_000, size: Int? = nil, major: Int = 0, minor: Int = 0
    ) {
        add(
            kind, Array(name.utf8), content: content, link: Array(link.utf8), mode: mode, owner: owner,
            modified: modified, size: size, major: major, minor: minor)
    }

    mutating func add(
        _ kind: Kind, _ name: [UInt8], content: [UInt8] = [], link: [UInt8] = [], mode: Int = 0o644, owner: Int = 0,
        modified: Int = 1_000_000_000, size: Int? = nil, major: Int = 0, minor: Int = 0
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: [UInt8], at offset: Int) {
            for (position, byte) in text.enumerated() { header[offset + position] = byte }
        }
        func octal(_ number: Int, _ digits: Int) -> [UInt8] {
            let text = String(number, radix: 8)
            return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
        }
        put(Array(name.prefix(100)), at: 0)
        put(octal(mode, 7), at: 100)
        put(octal(owner, 7), at: 108)
        put(octal(owner, 7), at: 116)
        put(octal(size ?? content.count, 11), at: 124)
        put(octal(modified, 11), at: 136)
        put(Array(repeating: 0x20, count: 8), at: 148)
        put(Array(kind.rawValue.utf8), at: 156)
        put(Array(link.prefix(100)), at: 157)
        put(Array("ustar\u{0}00".utf8), at: 257)
        put(octal(major, 7), at: 329)
        put(octal(minor, 7), at: 337)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0], at: 148)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// An extended header for the entry that follows.
    mutating func addPax(_ records: [(String, [UInt8])], _ kind: Kind = .pax) {
        let content = records.flatMap { key, value -> [UInt8] in
            let body = Array(" \(key)=".utf8) + value + [0x0a]
            var length = body.count + 1
            while String(length).utf8.count + body.count != length { length = String(length).utf8.count + body.count }
            return Array(String(length).utf8) + body
        }
        add(kind, "pax", content: content)
    }

    mutating func addRaw(_ raw: [UInt8]) { bytes += raw }

    /// With the two blocks of zeros that end an archive.
    var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

/// A descriptor that reads `bytes`.
func readable(_ bytes: [UInt8]) throws -> OwnedDescriptor {
    let file = try makeMemoryFile(named: "archive")
    try file.descriptor.writeAll(bytes)
    return try Descriptor.workingDirectory.open(file.descriptor.procPath)
}
