internal import Engine
internal import LineConnections
internal import LineProtocol

let containerHandlers = lives + changes + streams + trees + views

/// Making, starting, ending and removing.
private let lives: [Handler] = [
    .operation(ContainerCreate.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.create(parameters)
    },
    .relay(ContainerStart.self) { engine, parameters, _ throws(ProtocolFailure) in
        let started = try await engine.containers.find(parameters.container)
            .start(attach: parameters.attach, size: parameters.size)
        return (started.streams, started.descriptors)
    },
    .operation(ContainerStop.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container)
            .stop(timeout: parameters.timeout, signal: parameters.signal)
        return Nothing()
    },
    .operation(ContainerKill.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).kill(signal: parameters.signal)
        return Nothing()
    },
    .operation(ContainerUpdate.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).update(parameters)
        return Nothing()
    },
    .operation(ContainerRemove.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container)
            .remove(force: parameters.force, volumes: parameters.volumes)
        return Nothing()
    },
    .query(ContainerWait.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.containers.findToWait(parameters.container).wait(parameters.condition)
    },
]

/// What is done to containers that are there.
private let changes: [Handler] = [
    .operation(ContainerPrune.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.prune(parameters)
    },
    .operation(ContainerRestart.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container)
            .restart(timeout: parameters.timeout, signal: parameters.signal)
        return Nothing()
    },
    .operation(ContainerPause.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).pause()
        return Nothing()
    },
    .operation(ContainerUnpause.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).unpause()
        return Nothing()
    },
    .operation(ContainerRename.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.rename(parameters.container, to: parameters.name)
        return Nothing()
    },
]

/// What goes in and out.
private let streams: [Handler] = [
    .relay(ContainerAttach.self) { engine, parameters, _ throws(ProtocolFailure) in
        let attached = try await engine.containers.find(parameters.container).attach(parameters.attach)
        return (attached.streams, attached.descriptors)
    },
    .relay(ContainerExec.self) { engine, parameters, _ throws(ProtocolFailure) in
        let container = try await engine.containers.find(parameters.container)
        let (exec, attached) = try await container.exec(parameters.process, attach: parameters.attach)
        return (ContainerExec.Result(exec: exec, streams: attached.streams), attached.descriptors)
    },
    .query(ContainerExecWait.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).waitForExec(parameters.exec)
    },
    .operation(ContainerResize.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).resize(exec: parameters.exec, to: parameters.size)
        return Nothing()
    },
    .stream(ContainerLogs.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).logs(parameters, deliver: send)
        return Nothing()
    },
]

/// What became of their files.
private let trees: [Handler] = [
    .stream(ContainerDiff.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).diff(deliver: send)
        return Nothing()
    },
    .operation(ContainerExport.self) { engine, parameters, request throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).export(to: request.descriptors)
        return Nothing()
    },
    .operation(ContainerCommit.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.containers.commit(parameters)
    },
]

/// What there is.
private let views: [Handler] = [
    .stream(ContainerStats.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.containers.statistics(parameters, deliver: send)
        return Nothing()
    },
    .query(ContainerTop.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).top(parameters.options)
    },
    .query(ContainerList.self) { engine, parameters throws(ProtocolFailure) in
        ContainerList.Result(containers: try await engine.containers.list(parameters))
    },
    .query(ContainerInspect.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.containers.find(parameters.container).inspect()
    },
]
