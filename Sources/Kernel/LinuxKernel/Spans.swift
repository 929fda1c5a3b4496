internal import CLinux
internal import Glibc

// Reading and writing without pointers, for rooms above the Kernel floor.

extension Descriptor {
    /// read(2) into `buffer` from its start, over what it holds: how many bytes came, 0 at the end of the file.
    public func read(over buffer: inout [UInt8]) throws(SystemError) -> Int {
        try checked(buffer.withUnsafeMutableBytes { cl_read(number, $0.baseAddress, $0.count) }, "read")
    }

    /// Writes all of `bytes`, waiting as long as it takes.
    public func writeAll(_ bytes: Span<UInt8>) throws(SystemError) {
        try bytes.withUnsafeBytes { (buffer) throws(SystemError) in try writeAll(buffer) }
    }

    /// pwrite(2): writes all of `bytes` at `offset`.
    public func writeAll(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) {
        try bytes.withUnsafeBytes { (buffer) throws(SystemError) in
            var done = 0
            while done < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                done += try checked(cl_pwrite(number, rest.baseAddress, rest.count, offset + Int64(done)), "write")
            }
        }
    }

    /// syncfs(2): everything written to the file system that holds this file is on the disk afterwards.
    public func synchronizeFilesystem() throws(SystemError) { try checked(cl_syncfs(number), "syncfs") }
}

extension Descriptor {
    /// As ``read(into:)``, but waits on a non-blocking descriptor too.
    public func readWaiting(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            do { return try read(into: buffer) } catch {
                guard error.errno == .again else { throw error }
                try checked(cl_poll(number, Int16(POLLIN), -1), "poll")
            }
        }
    }
}
