internal import CLinux
internal import Glibc

// What a program needs that moves bytes between descriptors which do not wait.

extension Descriptor {
    /// Makes this number stand for the open file of `other`, as shells redirect (dup3(2)); it survives exec.
    public func redirect(to other: Descriptor) throws(SystemError) {
        try checked(cl_dup3(other.number, number, 0), "redirect descriptor \(number)")
    }
}

/// The memory of programs that stay for days and should weigh little.
public enum Heap {
    /// Gives what is free back to the kernel (malloc_trim(3)).
    public static func trim() { cl_trim_heap() }
}

extension ThisProcess {
    /// Lets the pages of the program's file go that nobody can have written to; the few that are needed come back one
    /// by one (madvise(2), `MADV_DONTNEED`).
    public static func forgetProgram() { cl_forget_program() }
}

extension Descriptor {
    /// Makes `path` a file with just these bytes, for its owner only; whatever was there is replaced.
    public func writeDocument(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try open(path, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
        do { try file.descriptor.writeAll(bytes) } catch { throw SystemError(error.errno, "write", path) }
    }
}
