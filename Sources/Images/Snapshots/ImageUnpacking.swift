public import ContentStore
public import ImageSpec
public import Layers
internal import LinuxKernel

extension Snapshotter {
    /// Unpacks all layers of an image that are not there yet, and answers the chain to put a container on; nil for an
    /// image without layers. Every layer's diff ID is held against the configuration. `report` hears when a layer is
    /// begun with, and when it is done.
    public func unpack(
        _ manifest: Manifest, _ configuration: ImageConfiguration, from store: ContentStore,
        limits: LayerLimits = LayerLimits(), report: (ContentDescriptor, _ isDone: Bool) -> Void = { _, _ in }
    ) throws(SnapshotError) -> ChainID? {
        let diffIDs = configuration.rootfs.diffIDs
        guard diffIDs.count == manifest.layers.count else {
            throw .layer(
                .malformed("the manifest has \(manifest.layers.count) layers, but its configuration \(diffIDs.count)"))
        }
        let chains = try ofLayer { () throws(LayerError) in try chainIDs(of: diffIDs) }
        var parent: ChainID?
        for (position, chain) in chains.enumerated() {
            if !contains(chain) {
                report(manifest.layers[position], false)
                let preparation = try prepareLayer(chain, above: parent)
                let layer = try ofLayer { () throws(LayerError) in
                    try unpackLayer(
                        manifest.layers[position], diffIDs[position], from: store, into: preparation, limits)
                }
                try commit(preparation, of: layer)
            }
            report(manifest.layers[position], true)
            parent = chain
        }
        return parent
    }
}

private func chainIDs(of diffIDs: [Digest]) throws(LayerError) -> [ChainID] {
    do { return try ChainID.all(of: diffIDs) } catch { throw .content(error) }
}

private func unpackLayer(
    _ descriptor: ContentDescriptor, _ diffID: Digest, from store: ContentStore, into preparation: LayerPreparation,
    _ limits: LayerLimits
) throws(LayerError) -> UnpackedLayer {
    guard descriptor.mediaType.kind == .layer else {
        throw .malformed("the manifest has a layer of type \(descriptor.mediaType), which is not supported")
    }
    let unpacker = LayerUnpacker(whiteouts: preparation.whiteouts, limits: limits)
    let layer: UnpackedLayer
    do {
        let archive = try store.open(descriptor.digest)
        layer = try unpacker.unpack(
            from: archive.descriptor, into: preparation.directory, below: preparation.statusBelow)
    } catch let error as ContentStoreError { throw .content(error) } catch let error as LayerError { throw error } catch
    {
        throw .malformed("\(error)")
    }
    guard layer.diffID == diffID else { throw .diffIDMismatch(expected: diffID, actual: layer.diffID) }
    return layer
}

private func ofLayer<Value>(_ body: () throws(LayerError) -> Value) throws(SnapshotError) -> Value {
    do { return try body() } catch { throw .layer(error) }
}
