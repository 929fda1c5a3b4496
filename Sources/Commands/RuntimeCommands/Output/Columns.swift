/// Rows as columns, each as wide as its widest cell and three blanks, twelve at least: runc's tables.
enum Columns {
    static func text(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            max(12, (rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0) + 3)
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined() + "\n"
        }.joined()
    }
}
