public import LinuxKernel

/// A request of HTTP. Redirects are answers as all others are: whoever asks decides where to go, and with what.
public struct TransferRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    /// Absolute, of `http` or `https`.
    public var url: String
    public var fields: [HeaderField]
    public var body: TransferBody
    public var trust: TransferTrust
    /// Seconds without a single byte after which a transfer counts as broken.
    public var patience = 60
    /// Called with the bytes of the body that are sent so far, from the thread that sends them.
    public var sent: @Sendable (Int64) -> Void = { _ in }

    public init(
        _ method: Method = .get, _ url: String, fields: [HeaderField] = [], body: TransferBody = .none,
        trust: TransferTrust = TransferTrust()
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.trust = trust
    }
}

/// A field of a head, request's or answer's.
public struct HeaderField: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// As a line; nil for what would be more than one (a value that came from somewhere and goes on as a field).
    var line: String? {
        let text = "\(name): \(value)"
        return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 } ? text : nil
    }
}

/// What is sent.
public enum TransferBody: Sendable {
    case none
    case bytes([UInt8])
    /// `size` bytes of a file from its start; it is read by position, and stays open for as long as it is sent.
    case file(TransferFile, size: Int64)

    var size: Int64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let size): size
        }
    }
}

/// A file that several hold open.
public final class TransferFile: Sendable {
    private let file: OwnedDescriptor
    public init(_ file: consuming OwnedDescriptor) { self.file = file }
    var descriptor: Descriptor { file.descriptor }
}

/// Whom a transfer over TLS believes.
public struct TransferTrust: Hashable, Sendable {
    /// False takes any certificate: for registries that the administrator named insecure.
    public var verifies: Bool
    /// A file of certificates of authorities in PEM; the system's when nil.
    public var authorities: String?
    /// Files in PEM.
    public var clientCertificate: String?
    public var clientKey: String?

    public init(
        verifies: Bool = true, authorities: String? = nil, clientCertificate: String? = nil, clientKey: String? = nil
    ) {
        self.verifies = verifies
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
    }
}
