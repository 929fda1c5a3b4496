internal import LinuxKernel

/// A name of a cgroup, made safe: no `.`, no `..`, no doubled slash.
package enum CgroupPath {
    /// `path` with `..` resolved as at a root, so that it can never lead above where it starts.
    /// An absolute path stays absolute, a relative one relative.
    package static func clean(_ path: String) -> String {
        if isClean(path) { return path }
        var names: [Substring] = []
        for name in path.pieces(at: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return (isAbsolute(path) ? "/" : "") + names.joined(by: "/")
    }

    /// Bytes are compared, here and below, and not characters: a slash and an accent behind it are one of these.
    package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    /// Whether there is nothing to make safe; of names that begin with a dot it does not say so.
    private static func isClean(_ path: String) -> Bool {
        let slash = UInt8(ascii: "/")
        var before: UInt8?
        for byte in path.utf8 {
            if byte == UInt8(ascii: "."), before ?? slash == slash { return false }
            if byte == slash, before == slash { return false }
            before = byte
        }
        return before != slash || path == "/"
    }

    package static func join(_ parent: String, _ child: String) -> String {
        clean(parent + "/" + child)
    }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Where `path` lies below `ancestor`, beginning with a slash; nil if it does not.
    package static func below(_ ancestor: String, _ path: String) -> String? {
        if ancestor == "/" { return path }
        guard path.utf8.starts(with: ancestor.utf8) else { return nil }
        let rest = String(decoding: path.utf8.dropFirst(ancestor.utf8.count), as: UTF8.self)
        return rest.isEmpty ? "/" : isAbsolute(rest) ? rest : nil
    }
}
