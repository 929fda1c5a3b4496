extension Substring {
    /// What lies between the bytes `separator`, as the kernel takes paths and its own files apart. `split` would look for
    /// whole characters, which is slower, and blind for a separator before a combining accent.
    public func pieces(at separator: Unicode.Scalar, omittingEmpty: Bool = true) -> [Substring] {
        let byte = UInt8(ascii: separator)
        var pieces: [Substring] = []
        var start = startIndex
        var index = start
        while index < endIndex {
            let next = utf8.index(after: index)
            if utf8[index] == byte {
                if !omittingEmpty || start < index { pieces.append(self[start..<index]) }
                start = next
            }
            index = next
        }
        if !omittingEmpty || start < endIndex { pieces.append(self[start...]) }
        return pieces
    }
}

extension String {
    /// As ``Substring/pieces(at:omittingEmpty:)``.
    public func pieces(at separator: Unicode.Scalar, omittingEmpty: Bool = true) -> [Substring] {
        self[...].pieces(at: separator, omittingEmpty: omittingEmpty)
    }
}

extension [Substring] {
    /// The pieces with `separator` between them. The standard library's `joined` is not compiled for substrings: it looks
    /// up at run time what they are.
    public func joined(by separator: String) -> String {
        var text = ""
        for (number, piece) in enumerated() {
            if number > 0 { text += separator }
            text.append(contentsOf: piece)
        }
        return text
    }
}
