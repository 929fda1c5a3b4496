internal import Engine
internal import LineConnections
internal import LineProtocol

func imageHandlers(_ engine: Engine) -> [Handler] {
    let images = engine.images
    return [
        .query(ImageList.self) { parameters throws(ProtocolFailure) in
            ImageList.Result(images: try await images.list(parameters.filters))
        },
        .query(ImageInspect.self) { parameters throws(ProtocolFailure) in
            try await images.inspect(parameters.image)
        },
        .operation(ImageLoad.self) { _, request throws(ProtocolFailure) in
            ImageLoad.Result(loaded: try await images.load(request.descriptors))
        },
        .operation(ImageImport.self) { parameters, request throws(ProtocolFailure) in
            ImageImport.Result(id: try await images.import(parameters, request.descriptors))
        },
        .operation(ImageRemove.self) { parameters, _ throws(ProtocolFailure) in
            try await engine.removeImage(parameters.image, force: parameters.force)
        },
    ]
}
