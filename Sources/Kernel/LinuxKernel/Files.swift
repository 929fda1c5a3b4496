internal import CLinux
internal import Glibc

/// Flags of open(2); `O_CLOEXEC` is always set.
public struct OpenFlags: OptionSet, Sendable {
    public let rawValue: CInt
    public init(rawValue: CInt) { self.rawValue = rawValue }

    public static let readOnly = OpenFlags([])
    public static let writeOnly = OpenFlags(rawValue: O_WRONLY)
    public static let readWrite = OpenFlags(rawValue: O_RDWR)
    public static let create = OpenFlags(rawValue: O_CREAT)
    public static let exclusive = OpenFlags(rawValue: O_EXCL)
    public static let truncate = OpenFlags(rawValue: O_TRUNC)
    public static let append = OpenFlags(rawValue: O_APPEND)
    public static let directory = OpenFlags(rawValue: O_DIRECTORY)
    public static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)
    public static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)
    /// A place in the tree, not a file to read: `O_PATH`.
    public static let path = OpenFlags(rawValue: CInt(bitPattern: 0o10000000))
}

/// How openat2(2) may walk a path.
public struct Resolution: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let noMountCrossing = Resolution(rawValue: 0x01)
    public static let noMagicLinks = Resolution(rawValue: 0x02)
    public static let noSymlinks = Resolution(rawValue: 0x04)
    public static let beneath = Resolution(rawValue: 0x08)
    public static let inRoot = Resolution(rawValue: 0x10)
}

public enum FileKind: UInt32, Sendable {
    case fifo = 0o010000
    case characterDevice = 0o020000
    case directory = 0o040000
    case blockDevice = 0o060000
    case regular = 0o100000
    case symbolicLink = 0o120000
    case socket = 0o140000
}

/// What fstatat(2) tells of a file.
public struct FileStatus: Sendable, Hashable {
    public let kind: FileKind
    /// Permission bits with set-user-ID, set-group-ID and sticky: 0o7777 at most.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    public let size: Int64
    public let device: UInt64
    public let inode: UInt64
    public let linkCount: UInt64
    /// The device that a device node stands for.
    public let deviceMajor: UInt32
    public let deviceMinor: UInt32
    /// Seconds and nanoseconds since the epoch.
    public let modified: (seconds: Int64, nanoseconds: Int64)
    /// When anything of it changed, its links too, which nobody can set.
    public let changed: (seconds: Int64, nanoseconds: Int64)

    init(_ status: stat) {
        kind = FileKind(rawValue: status.st_mode & S_IFMT) ?? .regular
        mode = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        deviceMajor = UInt32((status.st_rdev >> 8) & 0xfff) | UInt32((status.st_rdev >> 32) & ~0xfff)
        deviceMinor = UInt32(status.st_rdev & 0xff) | UInt32((status.st_rdev >> 12) & ~0xff)
        modified = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
        changed = (Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec))
    }

    public static func == (one: FileStatus, other: FileStatus) -> Bool {
        one.device == other.device && one.inode == other.inode && one.size == other.size && one.mode == other.mode
            && one.modified == other.modified
    }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(device)
        hasher.combine(inode)
    }
}

// MARK: Names below a directory

extension Descriptor {
    /// Opens `path` below this directory, or an absolute one.
    public func open(_ path: String, _ flags: OpenFlags = .readOnly, mode: UInt32 = 0o666)
        throws(SystemError) -> OwnedDescriptor
    {
        OwnedDescriptor(owning: try checked(cl_openat(number, path, flags.rawValue, mode), "open", path))
    }

    /// openat2(2): opens `path` as `resolution` allows. Whoever does not trust the tree uses this.
    public func open(_ path: String, _ flags: OpenFlags, resolving resolution: Resolution, mode: UInt32 = 0)
        throws(SystemError) -> OwnedDescriptor
    {
        let answer = cl_openat2(
            number, path, UInt64(UInt32(bitPattern: flags.rawValue)), UInt64(mode), resolution.rawValue)
        return OwnedDescriptor(owning: try checked(answer, "open", path))
    }

    /// The status of this file itself.
    public func status() throws(SystemError) -> FileStatus { try status(of: "", flags: atEmptyPath) }

    public func status(of path: String, followingLinks: Bool = true) throws(SystemError) -> FileStatus {
        try status(of: path, flags: followingLinks ? 0 : AT_SYMLINK_NOFOLLOW)
    }

    private func status(of path: String, flags: CInt) throws(SystemError) -> FileStatus {
        var status = stat()
        try checked(cl_fstatat(number, path, &status, flags), "stat", path)
        return FileStatus(status)
    }

    /// Whether `path` is there; errors other than `ENOENT` and `ENOTDIR` are thrown.
    public func exists(_ path: String) throws(SystemError) -> Bool {
        do {
            _ = try status(of: path, followingLinks: false)
            return true
        } catch  where error.errno == .noEntry || error.errno == .notDirectory {
            return false
        }
    }

    public func makeDirectory(_ path: String, mode: UInt32 = 0o777) throws(SystemError) {
        try checked(cl_mkdirat(number, path, mode), "mkdir", path)
    }

    /// Makes `path` and the directories above it, as far as they are missing.
    public func makeDirectories(_ path: String, mode: UInt32 = 0o777) throws(SystemError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for name in path.pieces(at: "/") {
            if !prefix.isEmpty, prefix != "/" { prefix += "/" }
            prefix.append(contentsOf: name)
            do { try makeDirectory(prefix, mode: mode) } catch  where error.errno == .exists {}
        }
        if try status(of: path).kind != .directory { throw SystemError(.notDirectory, "mkdir", path) }
    }

    public func makeFIFO(_ path: String, mode: UInt32) throws(SystemError) {
        try checked(cl_mkfifoat(number, path, mode), "mkfifo", path)
    }

    public func makeNode(_ path: String, kind: FileKind, mode: UInt32, major: UInt32, minor: UInt32)
        throws(SystemError)
    {
        try checked(cl_mknodat(number, path, kind.rawValue | mode, major, minor), "mknod", path)
    }

    public func makeSymbolicLink(_ path: String, to target: String) throws(SystemError) {
        try checked(cl_symlinkat(target, number, path), "symlink", path)
    }

    public func readSymbolicLink(_ path: String) throws(SystemError) -> String {
        var failure: SystemError?
        let text = String(unsafeUninitializedCapacity: 4096) { buffer in
            let answer = buffer.withMemoryRebound(to: CChar.self) {
                cl_readlinkat(number, path, $0.baseAddress, $0.count)
            }
            if answer < 0 { failure = SystemError(Errno(rawValue: CInt(-answer)), "readlink", path) }
            return max(0, answer)
        }
        if let failure { throw failure }
        return text
    }

    /// linkat(2): `path` becomes a second name of `existing`, never of what a symbolic link there points to.
    public func makeHardLink(_ path: String, to existing: String) throws(SystemError) {
        try checked(cl_linkat(number, existing, number, path, 0), "link", path)
    }

    public func removeFile(_ path: String) throws(SystemError) {
        try checked(cl_unlinkat(number, path, 0), "unlink", path)
    }

    public func removeDirectory(_ path: String) throws(SystemError) {
        try checked(cl_unlinkat(number, path, AT_REMOVEDIR), "rmdir", path)
    }

    public func rename(_ path: String, to newPath: String, below directory: Descriptor? = nil, replacing: Bool = true)
        throws(SystemError)
    {
        let flags: UInt32 = replacing ? 0 : 1  // RENAME_NOREPLACE
        try checked(
            cl_renameat2(number, path, (directory ?? self).number, newPath, flags), "rename", "\(path) to \(newPath)")
    }

    public func changeMode(of path: String, to mode: UInt32) throws(SystemError) {
        try checked(cl_fchmodat(number, path, mode), "chmod", path)
    }

    public func changeMode(to mode: UInt32) throws(SystemError) { try checked(cl_fchmod(number, mode), "chmod") }

    /// Never follows a symbolic link at the end of `path`; an empty path is this file itself.
    public func changeOwner(of path: String = "", to owner: UInt32, group: UInt32) throws(SystemError) {
        try checked(cl_fchownat(number, path, owner, group, AT_SYMLINK_NOFOLLOW | atEmptyPath), "chown", path)
    }

    /// The names in this directory, in no order, without `.` and `..`.
    public func entries(of path: String = ".") throws(SystemError) -> [(name: String, kind: FileKind?)] {
        let directory = try open(path, [.directory])
        final class Listing { var entries: [(String, FileKind?)] = [] }
        let listing = Listing()
        let answer = cl_read_directory(directory.release().number, Unmanaged.passUnretained(listing).toOpaque()) {
            context, name, type in
            guard let context, let name else { return 0 }
            let listing = Unmanaged<Listing>.fromOpaque(context).takeUnretainedValue()
            listing.entries.append((String(cString: name), FileKind(rawValue: UInt32(type) << 12)))
            return 0
        }
        try checked(answer, "read directory", path)
        return listing.entries
    }
}

// MARK: Whole files

extension Descriptor {
    /// The content of `path`; more than `limit` bytes is `EFBIG`.
    public func readFile(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        let file = try open(path)
        do { return try file.descriptor.readAll(limit: limit) } catch {
            throw SystemError(error.errno, error.call, path)
        }
    }

    /// Puts `bytes` at `path` at once and for good: a temporary file, fsync, rename, fsync of the directory.
    /// A reader sees the old content or the new, also after a power cut.
    public func writeFileDurably(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let temporary = path + ".new"
        do {
            let file = try open(temporary, [.writeOnly, .create, .truncate, .noFollow], mode: mode)
            try file.descriptor.writeAll(bytes)
            try file.descriptor.synchronize(temporary)
            try file.close()
            try rename(temporary, to: path)
            try synchronizeParent(of: path)
        } catch {
            try? removeFile(temporary)
            throw SystemError(error.errno, "write", path)
        }
    }

    /// fsync(2) on the directory that holds `path`, so that its name survives a power cut.
    public func synchronizeParent(of path: String) throws(SystemError) {
        let parent = parentDirectory(of: path)
        let directory = try open(parent, [.directory])
        try directory.descriptor.synchronize(parent)
    }
}

/// The directory that has the last name of `path` in it.
public func parentDirectory(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
}

/// An anonymous file in memory (memfd_create(2)).
public func makeMemoryFile(named name: String) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(owning: try checked(cl_memfd_create(name, 1), "memfd_create", name))  // MFD_CLOEXEC
}

/// `AT_EMPTY_PATH`, which Glibc's module map leaves out.
private let atEmptyPath: CInt = 0x1000
