public import LinuxKernel

/// Our end of a conversation with `criu swrk`: one request, any number of notifications that it waits for an answer
/// to, one response.
///
///     runtime ── request ──▶ criu
///             ◀─ notify ──── ┐
///             ── notify ───▶ ┘ any number of times, some with a descriptor
///             ◀─ response ──
public final class CriuConversation {
    private let socket: Descriptor
    private var hasEnded = false

    public init(_ socket: Descriptor) { self.socket = socket }

    deinit { end() }

    /// The largest message that CRIU sends; one that is longer is no message of CRIU's.
    private static let longest = 40 * 1024

    /// Takes the socket from CRIU, which then ends, whatever it was about.
    public func end() {
        if !hasEnded { socket.close() }
        hasEnded = true
    }

    /// Says that nothing more will be asked.
    public func finish() { try? socket.finishWriting() }

    /// Asks, calls `notified` for every notification before it is answered, and returns when it is done. Descriptors
    /// that come with a notification are the caller's. `heard` is called once, with CRIU's first sign of life.
    public func perform<Failure: Error>(
        _ request: CriuRequest, heard: () -> Void = {},
        notified: (CriuNotification, [Descriptor]) throws(Failure) -> Void, failed: (CriuError) -> Failure
    ) throws(Failure) {
        var isFirst = true
        do throws(CriuError) { try send(request) } catch { throw failed(error) }
        while true {
            let response: CriuResponse
            let descriptors: [Descriptor]
            do throws(CriuError) { (response, descriptors) = try receive() } catch { throw failed(error) }
            if isFirst { heard() }
            isFirst = false
            guard let notification = response.notification, response.kind == .notify else { return }
            try notified(notification, descriptors)
            do throws(CriuError) { try send(.notificationAnswer) } catch { throw failed(error) }
        }
    }

    /// Asks a question that has one answer.
    func ask(_ request: CriuRequest) throws(CriuError) -> CriuResponse {
        try send(request)
        return try receive().0
    }

    private func send(_ request: CriuRequest) throws(CriuError) {
        do { _ = try socket.send(request.encoded) } catch { throw CriuError("cannot talk to criu", error) }
    }

    /// Throws what CRIU refuses.
    private func receive() throws(CriuError) -> (CriuResponse, [Descriptor]) {
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        do { _ = try socket.receive(upTo: Self.longest, into: &bytes, descriptors: &descriptors) } catch {
            throw CriuError("cannot hear from criu", error)
        }
        if bytes.isEmpty { throw CriuError(.refused, "criu ended without an answer") }
        guard let response = try? CriuResponse(bytes) else { throw CriuError(.system, "cannot understand criu") }
        guard response.hasSucceeded else { throw Self.refusal(response) }
        return (response, descriptors)
    }

    private static func refusal(_ response: CriuResponse) -> CriuError {
        let words = response.errorMessage.map { ": \($0)" } ?? ""
        return CriuError(
            .refused, "criu failed: type \(response.kind?.name ?? "unknown") errno \(response.errorNumber)\(words)")
    }
}
