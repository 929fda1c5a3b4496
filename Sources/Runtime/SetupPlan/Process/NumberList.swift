/// Numbers of processors or of memory nodes, as config.md and config-linux.md write them: `0-3,7`. Spaces around an
/// element and empty elements do no harm.
struct NumberList: Hashable {
    /// One bit a number; byte 0 holds 0 to 7. Whole words of eight bytes, as the kernel wants them.
    let mask: [UInt8]
    var count: Int { mask.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Numbers below this one fit; the kernel itself knows no more.
    static let limit: UInt32 = 1024

    /// Nil for an empty text.
    static func parse(_ text: String) throws(NumberListMistake) -> NumberList? {
        if text.isEmpty { return nil }
        var mask = [UInt8](repeating: 0, count: Int(limit) / 8)
        for element in text.split(separator: ",") {
            for number in try range(trimmed(element)) { mask[Int(number / 8)] |= 1 << UInt8(number % 8) }
        }
        let list = NumberList(mask: mask)
        if list.count == 0 { throw NumberListMistake(description: "it names none") }
        return list
    }

    private static func range(_ element: Substring) throws(NumberListMistake) -> Range<UInt32> {
        if element.isEmpty { return 0..<0 }
        guard let dash = element.firstIndex(of: "-") else {
            let number = try number(element)
            return number..<number + 1
        }
        let (first, last) = (try number(element[..<dash]), try number(element[element.index(after: dash)...]))
        guard first <= last else { throw NumberListMistake(description: "\(element) ends before it starts") }
        return first..<last + 1
    }

    private static func number(_ text: Substring) throws(NumberListMistake) -> UInt32 {
        guard let number = UInt32(text), number < limit, text.first != "+" else {
            throw NumberListMistake(description: "\"\(text)\" is not a number from 0 to \(limit - 1)")
        }
        return number
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// What is wrong with a list of numbers.
struct NumberListMistake: Error, Hashable, CustomStringConvertible {
    let description: String
}
