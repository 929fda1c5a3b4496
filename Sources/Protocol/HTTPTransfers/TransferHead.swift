/// The head of an answer.
public struct TransferHead: Hashable, Sendable {
    public let status: Int
    public let fields: [HeaderField]

    public init(status: Int, fields: [HeaderField]) {
        self.status = status
        self.fields = fields
    }

    /// The first value of a field; names have no case.
    public subscript(name: String) -> String? { all(name).first }

    public func all(_ name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    public var isSuccess: Bool { (200..<300).contains(status) }
}

/// Reads heads line by line, as they come (RFC 9112, section 4).
struct HeadReader {
    /// No registry needs more, and a hostile one must not fill the memory.
    private static let mostBytes = 256 << 10

    private var status = 0
    private var fields: [HeaderField] = []
    private var size = 0

    enum Step: Hashable { case goOn, isWhole(TransferHead), tooLarge }

    mutating func take(_ line: [UInt8]) -> Step {
        size += line.count
        guard size <= Self.mostBytes else { return .tooLarge }
        let text = String(decoding: line, as: UTF8.self).trimmingSpace()
        if text.hasPrefix("HTTP/") {
            // After "100 Continue" and the like another head follows.
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            fields = []
        } else if text.isEmpty {
            return status >= 200 ? .isWhole(TransferHead(status: status, fields: fields)) : .goOn
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].trimmingSpace()
            fields.append(HeaderField(String(text[..<colon]), String(value)))
        }
        return .goOn
    }
}

extension StringProtocol {
    fileprivate func trimmingSpace() -> SubSequence {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...last]
    }
}
