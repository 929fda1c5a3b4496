internal import Engine
internal import LineProtocol

func containerHandlers(_ engine: Engine) -> [Handler] { lives(engine) + streams(engine) + views(engine) }

/// Making, starting, ending and removing.
private func lives(_ engine: Engine) -> [Handler] {
    let containers = engine.containers
    return [
        .operation(ContainerCreate.self) { parameters, _ throws(ProtocolFailure) in
            try await containers.create(parameters)
        },
        .relay(ContainerStart.self) { parameters, _ throws(ProtocolFailure) in
            let started = try await containers.find(parameters.container)
                .start(attach: parameters.attach, size: parameters.size)
            return (started.streams, started.descriptors)
        },
        .operation(ContainerStop.self) { parameters, _ throws(ProtocolFailure) in
            try await containers.find(parameters.container)
                .stop(timeout: parameters.timeout, signal: parameters.signal)
            return Nothing()
        },
        .operation(ContainerKill.self) { parameters, _ throws(ProtocolFailure) in
            try await containers.find(parameters.container).kill(signal: parameters.signal)
            return Nothing()
        },
        .operation(ContainerRemove.self) { parameters, _ throws(ProtocolFailure) in
            try await containers.find(parameters.container)
                .remove(force: parameters.force, volumes: parameters.volumes)
            return Nothing()
        },
        .query(ContainerWait.self) { parameters throws(ProtocolFailure) in
            try await containers.find(parameters.container).wait(parameters.condition)
        },
    ]
}

/// What goes in and out.
private func streams(_ engine: Engine) -> [Handler] {
    let containers = engine.containers
    return [
        .relay(ContainerAttach.self) { parameters, _ throws(ProtocolFailure) in
            let attached = try await containers.find(parameters.container).attach(parameters.attach)
            return (attached.streams, attached.descriptors)
        },
        .relay(ContainerExec.self) { parameters, _ throws(ProtocolFailure) in
            let container = try await containers.find(parameters.container)
            let (exec, attached) = try await container.exec(parameters.process, attach: parameters.attach)
            return (ContainerExec.Result(exec: exec, streams: attached.streams), attached.descriptors)
        },
        .query(ContainerExecWait.self) { parameters throws(ProtocolFailure) in
            try await containers.find(parameters.container).waitForExec(parameters.exec)
        },
        .operation(ContainerResize.self) { parameters, _ throws(ProtocolFailure) in
            try await containers.find(parameters.container).resize(exec: parameters.exec, to: parameters.size)
            return Nothing()
        },
        .stream(ContainerLogs.self) { parameters, send throws(ProtocolFailure) in
            try await containers.find(parameters.container).logs(parameters, deliver: send)
            return Nothing()
        },
    ]
}

/// What there is.
private func views(_ engine: Engine) -> [Handler] {
    let containers = engine.containers
    return [
        .query(ContainerList.self) { parameters throws(ProtocolFailure) in
            ContainerList.Result(containers: try await containers.list(parameters))
        },
        .query(ContainerInspect.self) { parameters throws(ProtocolFailure) in
            try await containers.find(parameters.container).inspect()
        },
    ]
}
