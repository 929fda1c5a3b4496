public import ContentStore
public import ImageSpec
public import Layers

extension Snapshotter {
    /// Unpacks all layers of an image that are not there yet, and answers the chain to put a container on; nil for an
    /// image without layers. Every layer's diff ID is held against the configuration.
    public func unpack(
        _ manifest: Manifest, _ configuration: ImageConfiguration, from store: ContentStore,
        limits: LayerLimits = LayerLimits()
    ) throws(SnapshotError) -> ChainID? {
        throw .layer(.malformed("not yet"))
    }
}
