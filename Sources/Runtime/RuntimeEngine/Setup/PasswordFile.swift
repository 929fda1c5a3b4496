/// The lines of passwd(5).
struct PasswordFile {
    struct Entry {
        let name: Substring
        let home: Substring
    }

    private let lines: [Substring]
    init(_ bytes: [UInt8]) { lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n") }

    func entry(of user: UInt32) -> Entry? {
        for line in lines {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 6, UInt32(fields[2]) == user else { continue }
            return Entry(name: fields[0], home: fields[5])
        }
        return nil
    }
}
