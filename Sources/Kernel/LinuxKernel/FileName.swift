internal import CLinux
internal import Glibc

/// A name or a path as the kernel has it: bytes of any encoding, none of them NUL. `String` holds only UTF-8, and
/// archives hold more than that.
public struct FileName: Hashable, Sendable, CustomStringConvertible {
    /// With the terminating NUL.
    let terminated: [CChar]

    /// Nil when `bytes` holds a NUL.
    public init?(bytes: some Collection<UInt8>) {
        guard !bytes.contains(0) else { return nil }
        terminated = bytes.map { CChar(bitPattern: $0) } + [0]
    }

    /// `terminated` came from the kernel.
    init(terminated: [CChar]) { self.terminated = terminated }

    public var bytes: [UInt8] { terminated.dropLast().map { UInt8(bitPattern: $0) } }

    /// `.`
    public static let current = FileName(terminated: [0x2e, 0])

    /// The path of this name in `directory`, which is empty for the root of what paths are told from.
    public func path(in directory: [UInt8]) -> [UInt8] { directory.isEmpty ? bytes : directory + [0x2f] + bytes }

    /// Readable, not faithful: what is not UTF-8 is replaced.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

// MARK: The calls of Files.swift, by such names

extension Descriptor {
    public func open(_ name: FileName, _ flags: OpenFlags, mode: UInt32 = 0) throws(SystemError) -> OwnedDescriptor {
        let answer = cl_openat(number, name.terminated, flags.rawValue, mode)
        return OwnedDescriptor(owning: try checked(answer, "open", name.description))
    }

    public func open(_ name: FileName, _ flags: OpenFlags, resolving resolution: Resolution)
        throws(SystemError) -> OwnedDescriptor
    {
        let bits = UInt64(UInt32(bitPattern: flags.rawValue))
        let answer = cl_openat2(number, name.terminated, bits, 0, resolution.rawValue)
        return OwnedDescriptor(owning: try checked(answer, "open", name.description))
    }

    /// The status of what `name` is, never of what it links to.
    public func status(of name: FileName) throws(SystemError) -> FileStatus {
        var status = stat()
        try checked(cl_fstatat(number, name.terminated, &status, AT_SYMLINK_NOFOLLOW), "stat", name.description)
        return FileStatus(status)
    }

    public func makeDirectory(_ name: FileName, mode: UInt32) throws(SystemError) {
        try checked(cl_mkdirat(number, name.terminated, mode), "mkdir", name.description)
    }

    public func makeNode(_ name: FileName, kind: FileKind, mode: UInt32, major: UInt32 = 0, minor: UInt32 = 0)
        throws(SystemError)
    {
        let answer = cl_mknodat(number, name.terminated, kind.rawValue | mode, major, minor)
        try checked(answer, "mknod", name.description)
    }

    public func makeSymbolicLink(_ name: FileName, to target: FileName) throws(SystemError) {
        try checked(cl_symlinkat(target.terminated, number, name.terminated), "symlink", name.description)
    }

    public func readSymbolicLink(_ name: FileName) throws(SystemError) -> FileName {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, filled in
            let answer = buffer.withMemoryRebound(to: CChar.self) {
                cl_readlinkat(number, name.terminated, $0.baseAddress, $0.count)
            }
            if answer < 0 { failure = SystemError(Errno(rawValue: CInt(-answer)), "readlink", name.description) }
            filled = max(0, answer)
        }
        if let failure { throw failure }
        return FileName(bytes: bytes) ?? FileName(terminated: [0])
    }

    /// linkat(2): a second name for what `name` is in `directory`; a symbolic link itself, never its target.
    public func makeHardLink(_ newName: FileName, to name: FileName, in directory: Descriptor) throws(SystemError) {
        let answer = cl_linkat(directory.number, name.terminated, number, newName.terminated, 0)
        try checked(answer, "link", newName.description)
    }

    public func removeFile(_ name: FileName) throws(SystemError) {
        try checked(cl_unlinkat(number, name.terminated, 0), "unlink", name.description)
    }

    public func removeDirectory(_ name: FileName) throws(SystemError) {
        try checked(cl_unlinkat(number, name.terminated, AT_REMOVEDIR), "rmdir", name.description)
    }

    /// Never follows a link at the end of `name`.
    public func changeOwner(of name: FileName, to owner: UInt32, group: UInt32) throws(SystemError) {
        let answer = cl_fchownat(number, name.terminated, owner, group, AT_SYMLINK_NOFOLLOW)
        try checked(answer, "chown", name.description)
    }

    /// Only for what is no symbolic link: chmod(2) would follow it.
    public func changeMode(of name: FileName, to mode: UInt32) throws(SystemError) {
        try checked(cl_fchmodat(number, name.terminated, mode), "chmod", name.description)
    }

    /// Access and modification time of what `name` is, never of what it links to.
    public func setTimes(of name: FileName, seconds: Int64, nanoseconds: Int64) throws(SystemError) {
        let answer = cl_set_times(number, name.terminated, seconds, nanoseconds, 0)
        try checked(answer, "set times of", name.description)
    }

    /// Access and modification time of this file itself.
    public func setTimes(seconds: Int64, nanoseconds: Int64) throws(SystemError) {
        try checked(cl_set_times(number, "", seconds, nanoseconds, 0x1000), "set times")  // AT_EMPTY_PATH
    }

    /// The names in this directory as they are, in no order, without `.` and `..`.
    public func names() throws(SystemError) -> [(name: FileName, kind: FileKind?)] {
        let directory = try open(".", [.directory])
        final class Listing { var entries: [(FileName, FileKind?)] = [] }
        let listing = Listing()
        let answer = cl_read_directory(directory.release().number, Unmanaged.passUnretained(listing).toOpaque()) {
            context, name, type in
            guard let context, let name else { return 0 }
            let entry = FileName(terminated: Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            let kind = FileKind(rawValue: UInt32(type) << 12)
            Unmanaged<Listing>.fromOpaque(context).takeUnretainedValue().entries.append((entry, kind))
            return 0
        }
        try checked(answer, "read directory")
        return listing.entries
    }
}
