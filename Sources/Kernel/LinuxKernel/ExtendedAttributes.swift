internal import CLinux
internal import Glibc

// xattr(7), never through a symbolic link.

/// The largest value the kernel keeps: `XATTR_SIZE_MAX`, which is that of a list too.
private let largestAttribute = 64 * 1024

extension Descriptor {
    /// Sets an attribute of what `name` is in this directory. `name` must be one component.
    public func setAttribute(_ attribute: FileName, of name: FileName, to value: [UInt8]) throws(SystemError) {
        let answer = cl_lsetxattr(path(of: name), attribute.terminated, value, value.count)
        try checked(answer, "set attribute \(attribute) of", name.description)
    }

    /// Sets an attribute of this open file.
    public func setAttribute(_ attribute: FileName, to value: [UInt8]) throws(SystemError) {
        try checked(
            cl_fsetxattr(number, attribute.terminated, value, value.count), "set attribute", attribute.description)
    }

    /// An attribute's value; nil when it is not there, or the file system keeps none.
    public func attribute(_ attribute: FileName, of name: FileName) throws(SystemError) -> [UInt8]? {
        let path = path(of: name)
        return try readAttributes(of: name) { cl_lgetxattr(path, attribute.terminated, $0.baseAddress, $0.count) }
    }

    /// The names of all attributes of what `name` is; none where the file system keeps none.
    public func attributes(of name: FileName) throws(SystemError) -> [FileName] {
        let path = path(of: name)
        let list = try readAttributes(of: name) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { cl_llistxattr(path, $0.baseAddress, $0.count) }
        }
        return (list ?? []).split(separator: 0).compactMap { FileName(bytes: $0) }
    }

    /// `/proc/self/fd/N/name`: these calls have no form that takes a directory's descriptor before Linux 6.13.
    private func path(of name: FileName) -> [CChar] {
        if number == AT_FDCWD || name.terminated[0] == CChar(0x2f) { return name.terminated }
        return Array(procPath.utf8CString.dropLast()) + [CChar(0x2f)] + name.terminated
    }
}

/// Calls `read` with room for the largest answer; nil when there is nothing.
private func readAttributes(of name: FileName, _ read: (UnsafeMutableBufferPointer<UInt8>) -> Int)
    throws(SystemError) -> [UInt8]?
{
    var answer = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: largestAttribute) { buffer, count in
        answer = read(buffer)
        count = max(0, answer)
    }
    if answer == -Int(ENODATA) || answer == -Int(EOPNOTSUPP) { return nil }
    try checked(answer, "read attributes of", name.description)
    return bytes
}
