public import BlockingThreads
internal import FoundationEssentials
public import HTTPService
internal import NIOHTTP1
internal import Registry

/// Lets in who is in a password file: RFC 7617.
public struct BasicAccess: HTTPService {
    private let inner: any HTTPService
    private let passwords: PasswordFile
    private let threads: BlockingThreads
    private let allowsAnonymousPulls: Bool

    /// `allowsAnonymousPulls`: whoever only reads needs no name.
    public init(
        _ inner: any HTTPService, passwords: PasswordFile, allowsAnonymousPulls: Bool, on threads: BlockingThreads
    ) {
        self.inner = inner
        self.passwords = passwords
        self.allowsAnonymousPulls = allowsAnonymousPulls
        self.threads = threads
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        if let credentials = Self.credentials(request) {
            let passwords = passwords
            let isRight = await threads.run {
                passwords.accepts(name: credentials.name, password: credentials.password)
            }
            return isRight ? await inner.respond(to: request) : Self.challenge("wrong name or password")
        }
        let isReading = [.GET, .HEAD].contains(request.method)
        guard allowsAnonymousPulls, isReading, request.path != "/v2/" else {
            return Self.challenge("log in first")
        }
        return await inner.respond(to: request)
    }

    private static func challenge(_ reason: String) -> HTTPResponse {
        HTTPResponse(
            RegistryError(.unauthorized, reason),
            [
                "www-authenticate": "Basic realm=\"wherry-registry\", charset=\"UTF-8\"",
                "docker-distribution-api-version": "registry/2.0",
            ])
    }

    /// Nil when there are none, or none that can be read.
    private static func credentials(_ request: HTTPRequest) -> (name: String, password: String)? {
        guard let header = request.headers.first(name: "authorization"), header.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let sides = String(decoding: data, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
    }
}
