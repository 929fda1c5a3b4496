internal import CLinux
internal import Glibc

/// An open file's number, owned by somebody else. Copies are free; nothing closes it.
public struct Descriptor: Hashable, Sendable {
    public let number: CInt
    public init(number: CInt) { self.number = number }

    public static let standardInput = Descriptor(number: 0)
    public static let standardOutput = Descriptor(number: 1)
    public static let standardError = Descriptor(number: 2)
    /// `AT_FDCWD`: relative names start at the working directory.
    public static let workingDirectory = Descriptor(number: AT_FDCWD)

    /// This file's name for calls that take nothing but paths; only while it stays open.
    public var procPath: String { "/proc/self/fd/\(number)" }
}

/// An open file that is closed when its owner goes away: at the end of the scope of a variable, but at once for a
/// temporary. `try open(path).descriptor.readAll()` would read a closed file; name the owner first.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let descriptor: Descriptor
    public init(owning number: CInt) { descriptor = Descriptor(number: number) }
    deinit { _ = cl_close(descriptor.number) }

    public var number: CInt { descriptor.number }

    /// Gives up ownership: the caller closes it.
    public consuming func release() -> Descriptor {
        let descriptor = self.descriptor
        discard self
        return descriptor
    }

    /// Closes now, and tells what close(2) said: for files whose writes may fail late.
    public consuming func close() throws(SystemError) {
        let descriptor = release()
        try checked(cl_close(descriptor.number), "close")
    }
}

/// An open file that is closed when the last of its owners goes away.
public final class SharedDescriptor: Sendable {
    private let owned: OwnedDescriptor
    public var descriptor: Descriptor { owned.descriptor }

    public init(_ owned: consuming OwnedDescriptor) { self.owned = owned }
}

extension Descriptor {
    /// Closes a descriptor that was released from its owner.
    public func close() { _ = cl_close(number) }

    /// A second descriptor of the same open file, close-on-exec.
    public func duplicate(atLeast lowest: CInt = 3) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try checked(cl_dup_cloexec(number, lowest), "duplicate descriptor"))
    }

    public func setNonBlocking(_ wanted: Bool = true) throws(SystemError) {
        let flags = try checked(cl_fcntl_get(number, F_GETFL), "fcntl")
        let changed = wanted ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        if changed != flags { try checked(cl_fcntl_set(number, F_SETFL, changed), "fcntl") }
    }

    /// Whether write(2) is allowed on it; throws `EBADF` when it is not open.
    public func isOpenForWriting() throws(SystemError) -> Bool {
        try checked(cl_fcntl_get(number, F_GETFL), "fcntl") & O_ACCMODE != O_RDONLY
    }

    public func setCloseOnExec(_ wanted: Bool = true) throws(SystemError) {
        try checked(cl_fcntl_set(number, F_SETFD, wanted ? FD_CLOEXEC : 0), "fcntl")
    }
}

// MARK: Reading and writing

extension Descriptor {
    /// read(2) into `buffer`; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try checked(cl_read(number, buffer.baseAddress, buffer.count), "read")
    }

    /// At most `count` bytes; empty at the end of the file.
    public func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let answer = cl_read(number, buffer.baseAddress, buffer.count)
            if answer < 0 { failure = SystemError(Errno(rawValue: CInt(-answer)), "read") } else { filled = answer }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Everything to the end of the file; more than `limit` bytes is `EFBIG`.
    public func readAll(limit: Int = .max) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = try read(upTo: 64 * 1024)
            if part.isEmpty { return bytes }
            bytes += part
            if bytes.count > limit { throw SystemError(Errno(rawValue: EFBIG), "read") }
        }
    }

    /// write(2): how many bytes were taken.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
        try checked(cl_write(number, bytes.baseAddress, bytes.count), "write")
    }

    /// Writes all of `bytes`, waiting as long as it takes, on a non-blocking descriptor too.
    public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = cl_write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if taken == -Int(EAGAIN) {
                try checked(cl_poll(number, Int16(POLLOUT), -1), "poll")
                continue
            }
            rest = rest.dropFirst(try checked(taken, "write"))
        }
    }

    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        let outcome: Result<Void, SystemError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try writeAll(buffer) }
        }
        try outcome.get()
    }

    public func writeAll(_ text: String) throws(SystemError) { try writeAll(Array(text.utf8)) }

    /// pread(2): at most `count` bytes from `offset`.
    public func read(upTo count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let answer = cl_pread(number, buffer.baseAddress, buffer.count, offset)
            if answer < 0 { failure = SystemError(Errno(rawValue: CInt(-answer)), "read") } else { filled = answer }
        }
        if let failure { throw failure }
        return bytes
    }

    public func synchronize(_ subject: String = "") throws(SystemError) {
        try checked(cl_fsync(number), "fsync", subject)
    }

    /// lseek(2): where the next read or write begins, in bytes from the file's beginning.
    public func seek(to offset: Int64) throws(SystemError) { try checked(cl_lseek(number, offset, SEEK_SET), "seek") }

    public func truncate(to length: Int64) throws(SystemError) { try checked(cl_ftruncate(number, length), "truncate") }

    public enum LockKind: Sendable { case shared, exclusive }

    /// flock(2): nil when somebody else holds it and `wait` is false.
    public func lock(_ kind: LockKind, wait: Bool = true) throws(SystemError) -> Bool {
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB)
        let answer = cl_flock(number, operation)
        if answer == -EWOULDBLOCK { return false }
        try checked(answer, "lock")
        return true
    }
}

/// The two ends of pipe(2).
public struct Pipe: ~Copyable {
    public let reader: OwnedDescriptor
    public let writer: OwnedDescriptor

    /// Those of a named pipe.
    public init(reader: consuming OwnedDescriptor, writer: consuming OwnedDescriptor) {
        self.reader = reader
        self.writer = writer
    }

    public init() throws(SystemError) {
        var ends: (CInt, CInt) = (-1, -1)
        try checked(
            withUnsafeMutablePointer(to: &ends) {
                $0.withMemoryRebound(to: CInt.self, capacity: 2) { cl_pipe2($0, O_CLOEXEC) }
            }, "pipe")
        reader = OwnedDescriptor(owning: ends.0)
        writer = OwnedDescriptor(owning: ends.1)
    }

    /// Both ends, each to an owner of its own.
    public consuming func split() -> (reader: Descriptor, writer: Descriptor) {
        (reader.release(), writer.release())
    }
}
