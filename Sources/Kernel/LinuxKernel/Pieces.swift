extension Substring {
    /// What lies between the bytes `separator`, as the kernel takes paths and its own files apart. `split` would look for
    /// whole characters, which is slower, and blind for a separator before a combining accent.
    public func pieces(at separator: Unicode.Scalar, omittingEmpty: Bool = true) -> [Substring] {
        let byte = UInt8(ascii: separator)
        var pieces: [Substring] = []
        var start = startIndex
        for index in utf8.indices where utf8[index] == byte {
            if !omittingEmpty || start < index { pieces.append(self[start..<index]) }
            start = utf8.index(after: index)
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
