public import ContentStore
public import ImageSpec
public import LinuxKernel

/// Why a layer or an image archive is refused.
public enum LayerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not what an archive looks like, or cut short.
    case malformed(String)
    /// A name, a link or a whiteout that points out of the layer (layer-escape).
    case escape(entry: String, reason: String)
    /// More than the limits allow (layer-bomb).
    case tooLarge(String)
    /// The uncompressed layer is not what the image's configuration says.
    case diffIDMismatch(expected: Digest, actual: Digest)
    /// An archive without an image that could be used.
    case noImage(String)
    /// An instruction of `--change` that is not understood.
    case invalidChange(String, reason: String)
    case entry(String, SystemError)
    case system(SystemError)
    case content(ContentStoreError)
    case document(ImageSpecError)

    public var description: String {
        switch self {
        case .malformed(let reason): "archive: \(reason)"
        case .escape(let entry, let reason): "layer entry \(entry): \(reason)"
        case .tooLarge(let reason): "archive: \(reason)"
        case .diffIDMismatch(let expected, let actual):
            "layer: its uncompressed digest is \(actual), but the image's configuration says \(expected)"
        case .noImage(let reason): "image archive: \(reason)"
        case .invalidChange(let line, let reason): "change \"\(line)\": \(reason)"
        case .entry(let entry, let error): "layer entry \(entry): \(error)"
        case .system(let error): "archive: \(error)"
        case .content(let error): error.description
        case .document(let error): error.description
        }
    }

    /// Whether the disk, or the user's share of it, is full.
    public var isOutOfSpace: Bool {
        switch self {
        case .entry(_, let error), .system(let error): error.errno == .noSpace || error.errno == .quota
        case .content(let error): error.isOutOfSpace
        default: false
        }
    }
}

extension LayerError {
    /// An archive that ends within the content of the entry at `path`.
    static func cutShort(within path: [UInt8]) -> LayerError {
        .malformed("ends in the middle of \"\(String(decoding: path, as: UTF8.self))\": it was cut short, get it anew")
    }

    /// One that ends within a header, behind the entry at `path`, which is empty where there was none yet.
    static func cutShort(behind path: [UInt8]) -> LayerError {
        guard !path.isEmpty else {
            return .malformed("ends in the middle of its first header: it was cut short, get it anew")
        }
        let name = String(decoding: path, as: UTF8.self)
        return .malformed("ends in the middle of the header behind \"\(name)\": it was cut short, get it anew")
    }
}

/// Runs `body`, whose system calls' failures become a layer's.
func reaching<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(LayerError) -> Value {
    do { return try body() } catch { throw .system(error) }
}

/// Runs `body`, whose failures in the content store become a layer's.
func storing<Value: ~Copyable>(_ body: () throws(ContentStoreError) -> Value) throws(LayerError) -> Value {
    do { return try body() } catch { throw .content(error) }
}

/// Runs `body`, whose refusals of documents become a layer's.
func parsing<Value>(_ body: () throws(ImageSpecError) -> Value) throws(LayerError) -> Value {
    do { return try body() } catch { throw .document(error) }
}
