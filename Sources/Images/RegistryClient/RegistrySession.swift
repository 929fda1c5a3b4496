internal import HTTPTransfers
internal import ImageSpec
internal import Synchronization

/// A question to a registry.
struct RegistryQuestion: Sendable {
    var method = TransferRequest.Method.get
    /// From the registry's root on.
    let path: String
    /// Where the registry said that the matter goes on, absolute or seen from `path`.
    var location: String?
    var fields: [HeaderField] = []
    var body = TransferBody.none
    /// Called with the bytes of the body that are sent so far.
    var sent: @Sendable (Int64) -> Void = { _ in }
    /// What it is about, for messages.
    let subject: String
    /// What the asker must be allowed: distribution's "Docker Registry Token Authentication", "scope".
    let scopes: [String]
}

/// A conversation with one registry on behalf of one user: it proves who that is when it is asked to, goes where the
/// registry leads, and turns its refusals into words.
public actor RegistrySession {
    /// `localhost:5000`, as references have it.
    public nonisolated let domain: String
    private let client: RegistryClient
    private let credentials: RegistryCredentials?
    /// Set when it is held with a mirror of the registry.
    private let mirror: RegistryMirror?
    /// What goes into `Authorization`, by what it is for, and until when.
    private var proofs: [[String]: Proof] = [:]

    /// Whether a token to keep is asked for, and what was given.
    private var wantsIdentity = false
    private var identityToken: String?

    private struct Proof {
        let value: String
        var expires: ContinuousClock.Instant?
    }

    public init(_ client: RegistryClient, domain: String, credentials: RegistryCredentials? = nil) {
        self.client = client
        self.domain = domain
        self.credentials = credentials
        mirror = nil
    }

    init(_ client: RegistryClient, mirror: RegistryMirror) {
        self.client = client
        domain = mirror.registry
        credentials = nil
        self.mirror = mirror
    }

    nonisolated var isWithMirror: Bool { mirror != nil }

    /// Conversations with those who stand in for the registry.
    nonisolated var mirrors: [RegistrySession] { isWithMirror ? [] : client.mirrors(of: domain) }

    private func addresses() throws(RegistryClientError) -> [RegistryAddress] {
        if let mirror { return try client.addresses(of: mirror) }
        return try client.addresses(of: domain)
    }

    /// Asks the registry whether it knows the user; answers the refresh token that it gives to be kept instead of the
    /// password.
    public func logIn() async throws(RegistryClientError) -> String? {
        wantsIdentity = true
        _ = try await document(RegistryQuestion(path: "/v2/", subject: domain, scopes: []), limit: maximumDocumentSize)
        return identityToken
    }

    /// Asks, and gives the body of a success to `sink`; everything else is thrown.
    func ask(_ question: RegistryQuestion, into sink: any TransferSink)
        async throws(RegistryClientError) -> TransferHead
    {
        var isProven = false
        while true {
            let answer = try await answer(to: question, sink)
            if answer.head.isSuccess { return answer.head }
            if answer.head.status == 401, answer.isHome, !isProven {
                isProven = try await prove(Challenge.all(in: answer.head.all("www-authenticate")), answer, question)
                if isProven { continue }
            }
            throw answer.refusal(question.subject)
        }
    }

    /// A small answer as a whole, asked for again where that may help.
    func document(_ question: RegistryQuestion, limit: Int)
        async throws(RegistryClientError) -> (head: TransferHead, bytes: [UInt8])
    {
        // Whoever has somebody else to ask does not wait.
        var patience = isWithMirror ? Patience(attempts: 1) : Patience()
        while true {
            let sink = DocumentSink(limit: limit)
            do throws(RegistryClientError) {
                return (try await ask(question, into: sink), sink.bytes)
            } catch {
                if case .transfer(_, let failure) = error, failure.kind == .refused {
                    throw .unusable(subject: question.subject, reason: "larger than \(limit) bytes")
                }
                guard let time = patience.next(after: error) else { throw error }
                try await pause(time)
            }
        }
    }

    // MARK: One exchange

    private struct Answer {
        let head: TransferHead
        let said: [UInt8]
        let address: RegistryAddress
        /// Whether the registry itself answered, and not somebody that it led to.
        let isHome: Bool

        func refusal(_ subject: String) -> RegistryClientError {
            let reason = RegistryRefusal.reason(in: said, status: head.status)
            switch head.status {
            case 401, 403: return .unauthorized(subject: subject, reason: reason)
            case 404: return .notFound(subject: subject)
            default:
                let time = head["retry-after"].flatMap { Int($0) }
                return .refused(subject: subject, status: head.status, reason: reason, retryAfter: time)
            }
        }
    }

    /// Tries the ways to the registry in turn, until one of them speaks.
    private func answer(to question: RegistryQuestion, _ sink: any TransferSink)
        async throws(RegistryClientError) -> Answer
    {
        let addresses = try addresses()
        for (number, address) in addresses.enumerated() {
            do throws(RegistryClientError) {
                let answer = try await answer(to: question, at: address, sink)
                if addresses.count > 1 { client.note(address, answersFor: domain) }
                return answer
            } catch {
                guard number + 1 < addresses.count, Self.mayBeWithoutTLS(error) else { throw error }
            }
        }
        throw .unusable(subject: question.subject, reason: "no address is known for its registry")
    }

    private static func mayBeWithoutTLS(_ error: RegistryClientError) -> Bool {
        guard case .transfer(_, let failure) = error else { return false }
        return [.handshake, .unreachable, .interrupted].contains(failure.kind)
    }

    private func answer(to question: RegistryQuestion, at address: RegistryAddress, _ sink: any TransferSink)
        async throws(RegistryClientError) -> Answer
    {
        var request = try request(question, at: address)
        let home = TransferURL(address.base)?.origin
        for step in 0...Redirection.most {
            let split = AnswerSink(sink)
            let head: TransferHead
            do { head = try await client.transfers.perform(request, into: split) } catch {
                throw error.kind == .cancelled ? .cancelled : .transfer(subject: question.subject, error)
            }
            guard let next = try Redirection.next(request, head, subject: question.subject) else {
                return Answer(
                    head: head, said: split.said, address: address,
                    isHome: step == 0 && TransferURL(request.url)?.origin == home)
            }
            request = next
        }
        throw .untrustworthy(
            subject: question.subject, reason: "the registry leads on more than \(Redirection.most) times")
    }

    private func request(_ question: RegistryQuestion, at address: RegistryAddress)
        throws(RegistryClientError) -> TransferRequest
    {
        var request = TransferRequest(
            question.method, address.base + question.path, fields: question.fields + proof(question.scopes),
            body: question.body, trust: address.trust)
        request.sent = question.sent
        guard let location = question.location else { return request }
        return try Redirection.follow(request, to: location, subject: question.subject)
    }

    // MARK: Proof

    private func proof(_ scopes: [String]) -> [HeaderField] {
        if let token = credentials?.registryToken { return [HeaderField("Authorization", "Bearer \(token)")] }
        guard let proof = proofs[scopes], proof.expires.map({ $0 > .now }) ?? true else { return [] }
        return [HeaderField("Authorization", proof.value)]
    }

    /// Does what a challenge asks for, a token before a password; false when there is nothing to answer it with.
    private func prove(_ challenges: [Challenge], _ answer: Answer, _ question: RegistryQuestion)
        async throws(RegistryClientError) -> Bool
    {
        if credentials?.registryToken != nil { return false }
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            let request = try TokenRequest(
                bearer, from: answer.address, scopes: question.scopes, credentials: credentials,
                wantsIdentity: wantsIdentity, subject: question.subject)
            let token = try await token(request, question.subject)
            identityToken = token.identity
            proofs[question.scopes] = Proof(value: "Bearer \(token.value)", expires: token.expires)
            return true
        }
        guard challenges.contains(where: { $0.scheme == "basic" }), let basic = credentials?.basic else {
            return false
        }
        proofs[question.scopes] = Proof(value: basic)
        return true
    }

    private func token(_ request: TokenRequest, _ subject: String) async throws(RegistryClientError) -> Token {
        let head: TransferHead
        let bytes: [UInt8]
        do { (head, bytes) = try await client.transfers.document(request.request, limit: 1 << 20) } catch {
            throw error.kind == .cancelled ? .cancelled : .transfer(subject: subject, error)
        }
        guard head.isSuccess else {
            throw .unauthorized(
                subject: subject,
                reason: "\(request.realm.place): \(RegistryRefusal.reason(in: bytes, status: head.status))")
        }
        guard let token = Token(parsing: bytes, now: .now) else {
            throw .untrustworthy(subject: subject, reason: "\(request.realm.place) gives no token")
        }
        return token
    }
}

/// Gives the body of a success to who wants it, and keeps the beginning of everything else.
private final class AnswerSink: TransferSink {
    private static let mostSaid = 64 << 10

    private let inner: any TransferSink
    private let state = Mutex<(isSuccess: Bool, said: [UInt8])>((false, []))

    init(_ inner: any TransferSink) { self.inner = inner }

    var said: [UInt8] { state.withLock { $0.said } }

    func begin(_ head: TransferHead) -> Bool {
        state.withLock { $0.isSuccess = head.isSuccess }
        return !head.isSuccess || inner.begin(head)
    }

    func take(_ bytes: Span<UInt8>) -> Bool {
        let isSuccess = state.withLock { state in
            if !state.isSuccess, state.said.count < Self.mostSaid {
                unsafe bytes.withUnsafeBufferPointer { unsafe state.said.append(contentsOf: $0) }
            }
            return state.isSuccess
        }
        return !isSuccess || inner.take(bytes)
    }
}
