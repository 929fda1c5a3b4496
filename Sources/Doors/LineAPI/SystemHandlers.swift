internal import Engine
internal import LineProtocol

let systemHandlers: [Handler] = [
    .query(SystemVersion.self) { engine, _ throws(ProtocolFailure) in await engine.version() },
    .query(SystemInfo.self) { engine, _ throws(ProtocolFailure) in await engine.info() },
    .stream(Events.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.events.follow(parameters, deliver: send)
        return Nothing()
    },
]
