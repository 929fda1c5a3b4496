internal import CArchive
internal import ContentStore
internal import ImageSpec
internal import LinuxKernel

/// The uncompressed bytes of an archive, hashed as they pass.
///
/// libarchive's `raw` format undoes the compression, whichever it is; what the bytes mean is read by ``TarReader``,
/// because libarchive converts names through the process's locale, and a layer's names are bytes.
@safe struct LayerStream: ~Copyable {
    private let archive: OpaquePointer
    private let source: ArchiveSource
    private let limits: LayerLimits
    private var hasher: DigestHasher
    /// What libarchive lent us; it lives until the next call.
    private var block = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private var isStarted = false
    private var isEnded = false
    /// Uncompressed bytes that came so far.
    private(set) var size: Int64 = 0

    init(_ descriptor: Descriptor, limits: LayerLimits) throws(LayerError) {
        let hasher = try storing { () throws(ContentStoreError) in try DigestHasher() }
        let source = ArchiveSource(descriptor)
        unsafe archive = try unsafe Self.open(source)
        self.source = source
        self.limits = limits
        self.hasher = hasher
    }

    deinit { unsafe archive_read_free(archive) }

    private static func open(_ source: ArchiveSource) throws(LayerError) -> OpaquePointer {
        guard let archive = unsafe archive_read_new() else { throw .malformed("libarchive has no memory") }
        unsafe archive_read_support_format_raw(archive)
        unsafe archive_read_support_format_empty(archive)
        unsafe archive_read_support_filter_gzip(archive)
        unsafe archive_read_support_filter_zstd(archive)
        unsafe archive_read_support_filter_xz(archive)
        unsafe archive_read_support_filter_bzip2(archive)
        return unsafe archive
    }

    /// Reads the first bytes, which tell the compression.
    private mutating func start() throws(LayerError) {
        isStarted = true
        let context = unsafe Unmanaged.passUnretained(source).toOpaque()
        let opened = unsafe archive_read_open(archive, context, nil, readFromSource, nil)
        guard opened == ARCHIVE_OK else { throw failure() }
        var entry: OpaquePointer?
        switch unsafe archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN: return
        case ARCHIVE_EOF: isEnded = true
        default: throw failure()
        }
    }

    private func failure() -> LayerError {
        if let error = source.failure { return .system(error) }
        guard let text = unsafe archive_error_string(archive) else { return .malformed("cannot be read") }
        return .malformed(unsafe String(cString: text))
    }

    /// Makes the next bytes the current block; false at the end.
    private mutating func fill() throws(LayerError) -> Bool {
        if !isStarted { try start() }
        while unsafe block.isEmpty, !isEnded {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            let answer = unsafe archive_read_data_block(archive, &start, &count, &offset)
            if answer == ARCHIVE_EOF {
                isEnded = true
            } else if answer < ARCHIVE_WARN {
                throw failure()
            } else {
                unsafe block = UnsafeRawBufferPointer(start: start, count: count)
                try account(count)
            }
        }
        return unsafe !block.isEmpty
    }

    private mutating func account(_ count: Int) throws(LayerError) {
        unsafe hasher.update(Span<UInt8>(_unsafeElements: block.assumingMemoryBound(to: UInt8.self)))
        size += Int64(count)
        if size > limits.size { throw .tooLarge("more than \(limits.size) bytes uncompressed") }
        let compressed = unsafe archive_filter_bytes(archive, -1)
        if size > limits.ratioFloor, size / limits.ratio > compressed {
            throw .tooLarge("inflates more than \(limits.ratio) times, to more than \(limits.ratioFloor) bytes")
        }
    }
}

// MARK: Taking bytes

extension LayerStream {
    /// Hands at most `count` bytes to `body`, those that are there already; how many these were, 0 at the end.
    mutating func take(upTo count: Int64, _ body: (Span<UInt8>) throws(LayerError) -> Void) throws(LayerError) -> Int64
    {
        guard count > 0, try fill() else { return 0 }
        let taken = Int(min(count, Int64(unsafe block.count)))
        let part = unsafe UnsafeRawBufferPointer(rebasing: block.prefix(taken))
        try body(unsafe Span(_unsafeElements: part.assumingMemoryBound(to: UInt8.self)))
        unsafe block = UnsafeRawBufferPointer(rebasing: block.dropFirst(taken))
        return Int64(taken)
    }

    /// Hands exactly `count` bytes, the entry's at `path`, to `body`, piece by piece.
    mutating func take(
        _ count: Int64, of path: [UInt8], _ body: (Span<UInt8>) throws(LayerError) -> Void
    ) throws(LayerError) {
        var rest = count
        while rest > 0 {
            let taken = try take(upTo: rest, body)
            if taken == 0 { throw .cutShort(within: path) }
            rest -= taken
        }
    }

    mutating func skip(_ count: Int64, of path: [UInt8]) throws(LayerError) {
        try take(count, of: path) { _ throws(LayerError) in }
    }

    /// The next `count` bytes; fewer only where the stream ends.
    mutating func bytes(upTo count: Int) throws(LayerError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let taken = try take(upTo: Int64(count - bytes.count)) { (span) throws(LayerError) in
                unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
            }
            if taken == 0 { break }
        }
        return bytes
    }

    /// Reads all that is left, and answers the digest of everything.
    mutating func finish() throws(LayerError) -> Digest {
        while try take(upTo: .max, { _ throws(LayerError) in }) > 0 {}
        return try storing { () throws(ContentStoreError) in try hasher.finish() }
    }
}

/// Where libarchive's bytes come from: a descriptor that may be a pipe, blocking or not.
@safe private final class ArchiveSource {
    let descriptor: Descriptor
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
    /// libarchive has no place for what read(2) said.
    var failure: SystemError?

    init(_ descriptor: Descriptor) { self.descriptor = descriptor }
    deinit { unsafe buffer.deallocate() }

    func read() -> Int {
        do { return try unsafe descriptor.readWaiting(into: buffer) } catch {
            failure = error
            return -1
        }
    }
}

/// `archive_read_callback`: lends libarchive the next bytes.
private func readFromSource(
    _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let context = unsafe context, let buffer = unsafe buffer else { return -1 }
    let source = unsafe Unmanaged<ArchiveSource>.fromOpaque(context).takeUnretainedValue()
    unsafe buffer.pointee = UnsafeRawPointer(source.buffer.baseAddress)
    return source.read()
}
