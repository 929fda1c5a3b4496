internal import ContentStore
internal import ImageSpec
internal import LinuxKernel

/// Why the registry refuses a request: distribution-spec 1.1, spec.md, "Error Codes".
public struct RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The words of the specification.
    public enum Code: String, Hashable, Sendable, Codable, CaseIterable {
        case blobUnknown = "BLOB_UNKNOWN"
        case blobUploadInvalid = "BLOB_UPLOAD_INVALID"
        case blobUploadUnknown = "BLOB_UPLOAD_UNKNOWN"
        case digestInvalid = "DIGEST_INVALID"
        case manifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN"
        case manifestInvalid = "MANIFEST_INVALID"
        case manifestUnknown = "MANIFEST_UNKNOWN"
        case nameInvalid = "NAME_INVALID"
        case nameUnknown = "NAME_UNKNOWN"
        case sizeInvalid = "SIZE_INVALID"
        case unauthorized = "UNAUTHORIZED"
        case denied = "DENIED"
        case unsupported = "UNSUPPORTED"
        case tooManyRequests = "TOOMANYREQUESTS"
        /// Not of the specification, but distribution's word for the server's own failures.
        case unknown = "UNKNOWN"
    }

    /// What is wrong beside the code, as far as answers differ by it.
    public enum Condition: Hashable, Sendable {
        case usual
        /// A chunk that does not begin where the upload stands, or a range that the content does not have.
        case outOfRange
        case tooLarge
        /// The registry, not the request, is at fault: its disk is full, for instance.
        case ours
    }

    public let code: Code
    /// One line that names the thing and says what to do.
    public let message: String
    public let condition: Condition

    public init(_ code: Code, _ message: String, _ condition: Condition = .usual) {
        self.code = code
        self.message = message
        self.condition = condition
    }

    public var description: String { message }
}

extension RegistryError {
    /// What a content store's failure means to whoever sent the content.
    init(_ error: ContentStoreError) {
        switch error {
        case .digestMismatch: self.init(.digestInvalid, error.description)
        case .sizeMismatch: self.init(.sizeInvalid, error.description)
        case .notFound: self.init(.blobUnknown, error.description)
        case .tooLarge: self.init(.sizeInvalid, error.description, .tooLarge)
        case .damaged, .inUse, .system, .hashing: self.init(.unknown, error.description, .ours)
        }
    }

    init(_ error: SystemError) { self.init(.unknown, "the registry's storage: \(error)", .ours) }
}

/// Runs `body`, whose failures become the registry's.
func asRegistry<Value: ~Copyable>(_ body: () throws(ContentStoreError) -> Value) throws(RegistryError) -> Value {
    do { return try body() } catch { throw RegistryError(error) }
}

func onDisk<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(RegistryError) -> Value {
    do { return try body() } catch { throw RegistryError(error) }
}
