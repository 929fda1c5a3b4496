internal import Engine
internal import LineProtocol

func systemHandlers(_ engine: Engine) -> [Handler] {
    [
        .query(SystemVersion.self) { _ throws(ProtocolFailure) in engine.version() },
        .query(SystemInfo.self) { _ throws(ProtocolFailure) in await engine.info() },
        .stream(Events.self) { parameters, send throws(ProtocolFailure) in
            try await engine.events.follow(parameters, deliver: send)
            return Nothing()
        },
    ]
}
