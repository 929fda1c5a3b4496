internal import CArchive
internal import LinuxKernel

/// A tar archive, written by libarchive as POSIX.1-2001 has it where ustar does not suffice: files of 8 GiB and more,
/// long names, names that are not UTF-8, extended attributes (`SCHILY.xattr`), sparse files.
@safe struct TarOutput: ~Copyable {
    private static let pieceSize = 1 << 20

    private let archive: OpaquePointer

    /// Writes to `output`, compressed by gzip(1) or plain.
    init(_ output: Descriptor, isCompressed: Bool = false) throws(LayerError) {
        unsafe archive = try unsafe Self.open(output, isCompressed)
    }

    deinit { unsafe archive_write_free(archive) }

    private static func open(_ output: Descriptor, _ isCompressed: Bool) throws(LayerError) -> OpaquePointer {
        guard let archive = unsafe archive_write_new() else { throw .malformed("libarchive has no memory") }
        unsafe archive_write_set_format_pax_restricted(archive)
        // The time of compression would give equal contents other bytes.
        if isCompressed {
            unsafe archive_write_add_filter_gzip(archive)
            unsafe archive_write_set_filter_option(archive, "gzip", "timestamp", nil)
        }
        unsafe archive_write_set_options(archive, "xattrheader=SCHILY")
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

    /// A file of these bytes, which belongs to root and has no time.
    mutating func add(_ name: String, _ bytes: [UInt8]) throws(LayerError) {
        try begin(.plainFile(name, size: Int64(bytes.count)))
        try write(bytes)
    }

    /// Adds a file with the first `size` bytes of `source`, which belongs to root and has no time.
    mutating func add(_ name: String, size: Int64, from source: Descriptor) throws(LayerError) {
        try begin(.plainFile(name, size: size))
        guard try copy(size, from: source) == size else { throw .malformed("\(name) ends before its \(size) bytes") }
    }

    /// Adds what `entry` says, which has no content.
    mutating func add(_ entry: TarEntry) throws(LayerError) { try begin(entry) }

    /// Adds a file with the content of `source`. What somebody cuts off meanwhile is zeros.
    mutating func add(_ entry: TarEntry, from source: Descriptor) throws(LayerError) {
        try begin(entry)
        var missing = entry.size - (try copy(entry.size, from: source))
        while missing > 0 {
            let count = Int(min(Int64(Self.pieceSize), missing))
            try write([UInt8](repeating: 0, count: count))
            missing -= Int64(count)
        }
    }

    /// Writes at most `size` bytes of `source`; answers how many there were.
    private func copy(_ size: Int64, from source: Descriptor) throws(LayerError) -> Int64 {
        var position: Int64 = 0
        while position < size {
            let wanted = Int(min(Int64(Self.pieceSize), size - position))
            let bytes = try reaching { () throws(SystemError) in try source.read(upTo: wanted, at: position) }
            if bytes.isEmpty { break }
            try write(bytes)
            position += Int64(bytes.count)
        }
        return position
    }

    /// Ends the archive; what was not written before is now.
    mutating func finish() throws(LayerError) { try check(unsafe archive_write_close(archive)) }

    private func begin(_ source: TarEntry) throws(LayerError) {
        guard let entry = unsafe archive_entry_new() else { throw .malformed("libarchive has no memory") }
        defer { unsafe archive_entry_free(entry) }
        unsafe source.describe(to: entry)
        // A name that is not ASCII stays as it is, in an extended header that says so: libarchive warns of that.
        let answer = unsafe archive_write_header(archive, entry)
        if answer != ARCHIVE_WARN { try check(answer) }
    }

    private func write(_ bytes: [UInt8]) throws(LayerError) {
        let count = unsafe archive_write_data(archive, bytes, bytes.count)
        if count != bytes.count { try check(ARCHIVE_FATAL) }
    }
}

extension TarEntry {
    fileprivate static func plainFile(_ name: String, size: Int64) -> TarEntry {
        TarEntry(kind: .regular, path: Array(name.utf8), mode: 0o644, size: size)
    }

    /// Tells libarchive, which copies all of it.
    fileprivate func describe(to entry: OpaquePointer) {
        unsafe archive_entry_set_pathname(entry, Self.terminated(path))
        if kind == .hardLink {
            unsafe archive_entry_set_hardlink(entry, Self.terminated(linkPath))
        } else {
            unsafe archive_entry_set_filetype(entry, kind.fileType)
        }
        if kind == .symbolicLink { unsafe archive_entry_set_symlink(entry, Self.terminated(linkPath)) }
        unsafe archive_entry_set_size(entry, size)
        unsafe archive_entry_set_perm(entry, mode)
        unsafe archive_entry_set_uid(entry, Int64(owner))
        unsafe archive_entry_set_gid(entry, Int64(group))
        unsafe archive_entry_set_mtime(entry, Int(modifiedSeconds), Int(modifiedNanoseconds))
        unsafe archive_entry_set_rdevmajor(entry, dev_t(deviceMajor))
        unsafe archive_entry_set_rdevminor(entry, dev_t(deviceMinor))
        for attribute in attributes {
            unsafe archive_entry_xattr_add_entry(
                entry, Self.terminated(attribute.name), attribute.value, attribute.value.count)
        }
        for extent in extents ?? [] { unsafe archive_entry_sparse_add_entry(entry, extent.offset, extent.length) }
    }

    private static func terminated(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}

extension TarEntry.Kind {
    /// `AE_IFREG` and its like of archive_entry(3), macros with casts that Swift does not see.
    fileprivate var fileType: UInt32 {
        switch self {
        case .regular, .hardLink: 0o100000
        case .symbolicLink: 0o120000
        case .characterDevice: 0o020000
        case .blockDevice: 0o060000
        case .directory: 0o040000
        case .fifo: 0o010000
        }
    }
}
