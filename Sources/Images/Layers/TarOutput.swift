internal import CArchive
internal import LinuxKernel

/// A tar archive of plain files that belong to root and have no time, written by libarchive as POSIX.1-2001 has it
/// where ustar does not suffice (files of 8 GiB and more).
@safe struct TarOutput: ~Copyable {
    private static let pieceSize = 1 << 20

    private let archive: OpaquePointer

    init(_ output: Descriptor) throws(LayerError) { unsafe archive = try unsafe Self.open(output) }

    deinit { unsafe archive_write_free(archive) }

    private static func open(_ output: Descriptor) throws(LayerError) -> OpaquePointer {
        guard let archive = unsafe archive_write_new() else { throw .malformed("libarchive has no memory") }
        unsafe archive_write_set_format_pax_restricted(archive)
        unsafe archive_write_set_bytes_per_block(archive, Int32(pieceSize))
        unsafe archive_write_set_bytes_in_last_block(archive, 1)
        guard unsafe archive_write_open_fd(archive, output.number) == ARCHIVE_OK else {
            defer { unsafe archive_write_free(archive) }
            throw unsafe failure(archive)
        }
        return unsafe archive
    }

    private static func failure(_ archive: OpaquePointer) -> LayerError {
        .system(SystemError(Errno(rawValue: unsafe archive_errno(archive)), "write", "the archive"))
    }

    private func check(_ answer: Int32) throws(LayerError) {
        guard answer == ARCHIVE_OK else { throw unsafe Self.failure(archive) }
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws(LayerError) {
        try begin(name, size: Int64(bytes.count))
        try write(bytes)
    }

    /// Adds a file with the first `size` bytes of `source`.
    mutating func add(_ name: String, size: Int64, from source: Descriptor) throws(LayerError) {
        try begin(name, size: size)
        var position: Int64 = 0
        while position < size {
            let wanted = Int(min(Int64(Self.pieceSize), size - position))
            let bytes = try reaching { () throws(SystemError) in try source.read(upTo: wanted, at: position) }
            guard !bytes.isEmpty else { throw .malformed("\(name) ends before its \(size) bytes") }
            try write(bytes)
            position += Int64(bytes.count)
        }
    }

    /// Ends the archive; what was not written before is now.
    mutating func finish() throws(LayerError) { try check(unsafe archive_write_close(archive)) }

    private func begin(_ name: String, size: Int64) throws(LayerError) {
        guard let entry = unsafe archive_entry_new() else { throw .malformed("libarchive has no memory") }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, name)
        unsafe archive_entry_set_size(entry, size)
        unsafe archive_entry_set_filetype(entry, Self.regularFile)
        unsafe archive_entry_set_perm(entry, 0o644)
        unsafe archive_entry_set_mtime(entry, 0, 0)
        try check(unsafe archive_write_header(archive, entry))
    }

    private func write(_ bytes: [UInt8]) throws(LayerError) {
        let count = unsafe archive_write_data(archive, bytes, bytes.count)
        if count != bytes.count { try check(ARCHIVE_FATAL) }
    }

    /// `AE_IFREG` of archive_entry(3), a macro with a cast that Swift does not see.
    private static let regularFile: UInt32 = 0o100000
}
