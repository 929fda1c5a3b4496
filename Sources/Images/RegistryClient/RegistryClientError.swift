public import ContentStore
public import HTTPTransfers
public import ImageSpec

/// Why nothing could be had from a registry, or given to it.
public enum RegistryClientError: Error, Hashable, Sendable, CustomStringConvertible {
    case cancelled
    /// The registry could not be reached, or broke off.
    case transfer(subject: String, TransferError)
    /// What it answered instead of what was asked for.
    /// `retryAfter` is in seconds, if it named a time.
    case refused(subject: String, status: Int, reason: String, retryAfter: Int?)
    case unauthorized(subject: String, reason: String)
    case notFound(subject: String)
    /// It says one thing and does another (digest-lie), or leads where nobody may follow (foreign-credentials).
    case untrustworthy(subject: String, reason: String)
    /// An image that cannot be used here.
    case unusable(subject: String, reason: String)
    case content(ContentStoreError)
    case document(ImageSpecError)

    public var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .transfer(let subject, let error):
            "\(subject): cannot reach the registry: \(error): check the name and the network"
        case .refused(let subject, let status, let reason, _): "\(subject): the registry answers \(status): \(reason)"
        case .unauthorized(let subject, let reason):
            "\(subject): access denied: \(reason); it may not exist, or need `wherry login`"
        case .notFound(let subject): "\(subject): not found in the registry: check name and tag"
        case .untrustworthy(let subject, let reason): "\(subject): \(reason)"
        case .unusable(let subject, let reason): "\(subject): \(reason)"
        case .content(let error): error.description
        case .document(let error): error.reason
        }
    }
}

/// Runs `body`, whose failures in the content store become a registry client's.
func storing<Value: ~Copyable>(_ body: () throws(ContentStoreError) -> Value) throws(RegistryClientError) -> Value {
    do { return try body() } catch { throw .content(error) }
}

/// Runs `body`, whose refusals of documents become a registry client's.
func parsing<Value>(_ body: () throws(ImageSpecError) -> Value) throws(RegistryClientError) -> Value {
    do { return try body() } catch { throw .document(error) }
}
