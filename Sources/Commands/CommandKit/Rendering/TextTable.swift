/// Columns as docker prints them: at least ten wide, three spaces apart, the last one as long as it is.
public struct TextTable: Sendable {
    private static let narrowest = 10
    private static let gap = 3

    private var rows: [[String]] = []

    public init() {}
    public init(_ rows: [[String]]) { self.rows = rows }

    public mutating func append(_ row: [String]) { rows.append(row) }

    /// Every line ends with a newline.
    public var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                let width = max(Self.narrowest, cell.unicodeScalars.count + Self.gap)
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
