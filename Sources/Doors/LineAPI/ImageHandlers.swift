internal import Engine
internal import LineConnections
internal import LineProtocol

let imageHandlers: [Handler] = [
    .query(ImageList.self) { engine, parameters throws(ProtocolFailure) in
        ImageList.Result(images: try await engine.images.list(parameters.filters))
    },
    .query(ImageInspect.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.images.inspect(parameters.image)
    },
    .query(ImageHistory.self) { engine, parameters throws(ProtocolFailure) in
        ImageHistory.Result(steps: try await engine.images.history(parameters.image))
    },
    .operation(ImageLoad.self) { engine, _, request throws(ProtocolFailure) in
        ImageLoad.Result(loaded: try await engine.images.load(request.descriptors))
    },
    .operation(ImageSave.self) { engine, parameters, request throws(ProtocolFailure) in
        try await engine.images.save(parameters.images, to: request.descriptors)
        return Nothing()
    },
    .operation(ImageImport.self) { engine, parameters, request throws(ProtocolFailure) in
        ImageImport.Result(id: try await engine.images.import(parameters, request.descriptors))
    },
    .stream(ImagePull.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.images.pull(parameters, deliver: send)
    },
    .stream(ImagePush.self) { engine, parameters, send throws(ProtocolFailure) in
        try await engine.images.push(parameters, deliver: send)
    },
    .operation(ImageTag.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.images.tag(parameters.image, as: parameters.reference)
        return Nothing()
    },
    .query(RegistryProve.self) { engine, parameters throws(ProtocolFailure) in
        try await engine.images.prove(parameters.login, to: parameters.registry)
    },
    .operation(ImagePrune.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.pruneImages(parameters)
    },
    .operation(ImageRemove.self) { engine, parameters, _ throws(ProtocolFailure) in
        try await engine.removeImage(parameters.image, force: parameters.force)
    },
]
