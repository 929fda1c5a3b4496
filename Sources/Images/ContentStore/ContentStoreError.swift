public import ImageSpec
public import LinuxKernel

/// What went wrong with a content, or with the store.
public enum ContentStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    case notFound(Digest)
    /// Content that is not what it was said to be.
    case digestMismatch(expected: Digest, actual: Digest)
    case sizeMismatch(subject: String, expected: Int64, actual: Int64)
    /// A blob in the store that no longer matches its name; it was set aside at `path`.
    case damaged(Digest, path: String)
    case tooLarge(subject: String, limit: Int64)
    case inUse(path: String)
    /// A system call failed on the store's own files.
    case system(SystemError)
    case hashing(Digest.Algorithm)

    public var description: String {
        switch self {
        case .notFound(let digest): "content \(digest): not in the content store"
        case .digestMismatch(let expected, let actual): "content \(expected): has digest \(actual) instead"
        case .sizeMismatch(let subject, let expected, let actual):
            "content \(subject): is \(actual) bytes long, but \(expected) were announced"
        case .damaged(let digest, let path):
            "content \(digest): damaged on disk, and set aside as \(path); load or pull its image again"
        case .tooLarge(let subject, let limit): "content \(subject): larger than \(limit) bytes"
        case .inUse(let path): "content store \(path): another supervisor has it open; give this one its own --root"
        case .system(let error): "content store: \(error)" + (isOutOfSpace ? "; make room there" : "")
        case .hashing(let algorithm): "content store: libcrypto cannot compute \(algorithm.rawValue)"
        }
    }

    /// Whether the disk, or the user's share of it, is full.
    public var isOutOfSpace: Bool {
        guard case .system(let error) = self else { return false }
        return error.errno == .noSpace || error.errno == .quota
    }
}

/// Runs `body`, whose system calls' failures become the store's.
func storing<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(ContentStoreError) -> Value {
    do { return try body() } catch { throw .system(error) }
}
