/// Columns as docker prints them: at least ten wide or as told, three spaces apart, the last one as long as it is.
public struct TextTable: Sendable {
    private static let gap = 3

    private let narrowest: Int
    private var rows: [[String]] = []

    public init(_ rows: [[String]] = [], narrowest: Int = 10) {
        self.rows = rows
        self.narrowest = narrowest
    }

    public mutating func append(_ row: [String]) { rows.append(row) }

    /// Every line ends with a newline.
    public var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                let width = max(narrowest, cell.unicodeScalars.count + Self.gap)
                if column == widths.count { widths.append(width) } else { widths[column] = max(widths[column], width) }
            }
        }
        return rows.map { Self.line($0, widths) }.joined()
    }

    private static func line(_ row: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            line += cell
            if column < row.count - 1 {
                line += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
            }
        }
        return line + "\n"
    }
}
