/// Sizes as docker writes them: three or four significant digits, units of 1000.
public enum HumanSize {
    private static let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    private static let binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `12.3MB`: a size on disk.
    public static func decimal(_ bytes: Int64, digits: Int = 3) -> String {
        scaled(Double(bytes), by: 1000, units, digits: digits)
    }

    /// `23.46GiB`: a size of memory.
    public static func binary(_ bytes: Int64) -> String { scaled(Double(bytes), by: 1024, binaryUnits, digits: 4) }

    private static func scaled(_ bytes: Double, by base: Double, _ units: [String], digits: Int) -> String {
        var rest = bytes
        var unit = 0
        while rest >= base, unit < units.count - 1 {
            rest /= base
            unit += 1
        }
        return significant(rest, digits: digits) + units[unit]
    }

    /// At most `digits` digits that count, without zeros at the end (`%.3g`).
    static func significant(_ value: Double, digits: Int) -> String {
        var whole = 1
        var limit = 10.0
        while value >= limit {
            whole += 1
            limit *= 10
        }
        var scale = 1.0
        for _ in 0..<max(0, digits - whole) { scale *= 10 }
        let rounded = (value * scale).rounded(.toNearestOrEven) / scale
        return JSONValue.text(of: rounded)
    }
}
