internal import LineProtocol

/// What is fuzzed of the line protocol: how bytes are cut into lines, what a line is read as, and the parameters of
/// every method of the catalogue. Nothing is expected of what is refused but a reason.
public enum ProtocolSubjects {
    private static let methods = Catalogue.connection + Catalogue.supervisor + Catalogue.shim

    /// The names of all methods whose parameters are read.
    public static let names = Set(methods.map { $0.name })

    /// Reads `bytes` as what a client sends, and as the `params` of each method; traps at a broken promise.
    static func examine(_ bytes: [UInt8]) {
        for size in [1, 7, max(bytes.count, 1)] { cut(bytes, size) }
        for line in bytes.split(separator: newline) { readEnvelope(Array(line)) }
        _ = readers(of: bytes)
    }

    /// The names of the methods that take `bytes` for their `params`.
    public static func readers(of bytes: [UInt8]) -> Set<String> {
        let line = Line(Array(#"{"id":1,"method":"fuzzed","params":"#.utf8) + bytes + [UInt8(ascii: "}")])
        // What is no JSON is none for any method.
        guard let message = try? Message(line) else { return [] }
        return Set(methods.filter { readParameters($0, of: message) }.map { $0.name })
    }

    private static let newline = UInt8(ascii: "\n")

    /// Lines are the same in pieces of whatever size they arrive.
    private static func cut(_ bytes: [UInt8], _ size: Int) {
        var framer = LineFramer()
        var lines: [[UInt8]] = []
        do throws(LineFramer.Failure) {
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += try framer.append(Array(bytes[start..<min(start + size, bytes.count)])).map(\.bytes)
            }
        } catch {
            let longest = bytes.split(separator: newline).map(\.count).max() ?? 0
            return precondition(longest >= Line.longest, "\(error): the longest line has \(longest) bytes")
        }
        let isWhole = bytes.last.map { $0 == newline } ?? true
        let expected = bytes.split(separator: newline).map { Array($0) }
        precondition(lines == (isWhole ? expected : expected.dropLast()), "cut in pieces of \(size)")
        precondition(framer.isInsideLine != isWhole, "the end is inside a line or not")
    }

    private static func readEnvelope(_ line: [UInt8]) {
        do throws(ProtocolFailure) { try checkAnswer(Message(Line(line)).kind) } catch {
            precondition([.parseError, .invalidRequest].contains(error.kind), "\(error)")
            precondition(!error.message.isEmpty, "a refusal says why")
        }
    }

    /// An answer goes to the request that it is for, and says what it said.
    private static func checkAnswer(_ kind: Message.Kind) throws(ProtocolFailure) {
        switch kind {
        case .request(let id, _), .response(let id):
            let answer = try Message(Line(Envelope.response(id, Nothing()))).kind
            precondition(answer == .response(id), "\(id) became \(answer)")
        case .failure(let id, let failure):
            let again = try Message(Line(Envelope.failure(id, failure))).kind
            precondition(again == kind, "\(kind) became \(again)")
        case .notification: break
        }
    }

    private static func readParameters<Method: LineMethod>(_: Method.Type, of message: Message) -> Bool {
        do throws(ProtocolFailure) {
            checkRoundTrip(Method.self, try message.parameters())
            return true
        } catch {
            precondition(error.kind == .invalidParameters, "\(Method.name): \(error)")
            precondition(!error.message.isEmpty, "a refusal says why")
            return false
        }
    }

    /// Parameters have no equality; what they are written as has.
    private static func checkRoundTrip<Method: LineMethod>(_: Method.Type, _ parameters: Method.Parameters) {
        let written = Envelope.request(Method.self, id: .number(1), parameters)
        do throws(ProtocolFailure) {
            let again: Method.Parameters = try Message(Line(written)).parameters()
            let rewritten = Envelope.request(Method.self, id: .number(1), again)
            precondition(rewritten == written, "\(Method.name): \(parameters) became \(again)")
        } catch { preconditionFailure("\(Method.name): \(error): \(parameters)") }
    }
}
