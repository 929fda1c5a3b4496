import LineProtocol
import LinuxKernel
import Testing

@Suite("Envelopes are JSON-RPC 2.0")
struct EnvelopeTests {
    @Test("a request carries its id, method and params")
    func request() throws {
        let bytes = Envelope.request(ContainerWait.self, id: .number(7), .init(container: "c", condition: .nextExit))
        let message = try Message(Line(bytes))
        #expect(message.kind == .request(.number(7), method: "container.wait"))
        let parameters = try message.parameters(ContainerWait.Parameters.self)
        #expect(parameters.container == "c" && parameters.condition == .nextExit)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""jsonrpc":"2.0""#))
    }

    @Test("ids are numbers or strings, and absent params are an empty object")
    func ids() throws {
        let message = try parse(#"{"jsonrpc":"2.0","id":"abc","method":"system.info","unknown":[1]}"#)
        #expect(message.kind == .request(.text("abc"), method: "system.info"))
        _ = try message.parameters(Nothing.self)
    }

    @Test("an error keeps its kind, code and sentence")
    func failures() throws {
        let failure = ProtocolFailure(.noSuchContainer, "no such container: x")
        let bytes = Envelope.failure(.number(1), failure)
        #expect(try Message(Line(bytes)).kind == .failure(.number(1), failure))
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""code":10"#))
        #expect(
            String(decoding: Envelope.failure(nil, failure), as: UTF8.self).contains(#""id":null"#))
    }

    @Test("no two kinds of error share a code")
    func codes() {
        let codes = ProtocolFailure.Kind.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
    }

    @Test(
        "what is no envelope is refused as such",
        arguments: [
            "", "[]", "1", "{", "{}", #"{"id":{}}"#, #"{"id":1.5,"method":"x"}"#, "\u{0}", "{\"id\":1,\"method\":2}",
        ])
    func refused(text: String) {
        #expect(throws: ProtocolFailure.self) { try parse(text) }
    }

    @Test("parameters of a wrong type are named by their path")
    func wrongTypes() throws {
        let message = try parse(#"{"id":1,"method":"m","params":{"container":"c","attach":{"standardInput":"yes"}}}"#)
        #expect(throws: ProtocolFailure(.invalidParameters, "params.attach.standardInput: expected Bool")) {
            try message.parameters(ContainerAttach.Parameters.self)
        }
    }

    @Test("nesting without end is an error, not a crash")
    func nesting() {
        let deep = String(repeating: "[", count: 200_000)
        #expect(throws: ProtocolFailure.self) { try parse(#"{"id":1,"params":"# + deep) }
    }

    private func parse(_ text: String) throws -> Message { try Message(Line(Array(text.utf8))) }
}
