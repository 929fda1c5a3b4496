public import ImageSpec
public import Layers
public import LinuxKernel

/// What went wrong with a snapshot.
public enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchLayer(ChainID)
    case noSuchContainer(String)
    case containerExists(String)
    /// A layer that others stand on.
    case layerInUse(ChainID, by: String)
    case invalidName(String)
    case tooManyLayers(Int, limit: Int)
    /// A snapshot whose record cannot be read; it was set aside at `path`.
    case damaged(String, path: String)
    case inUse(path: String)
    /// The kernel refuses overlay mounts here.
    case overlayUnavailable(SystemError)
    case mount(String, SystemError)
    case layer(LayerError)
    case system(SystemError)

    public var description: String {
        switch self {
        case .noSuchLayer(let chain): "snapshot \(chain): not unpacked"
        case .noSuchContainer(let id): "snapshot of container \(id): not there"
        case .containerExists(let id): "snapshot of container \(id): already there"
        case .layerInUse(let chain, let user): "snapshot \(chain): in use by \(user)"
        case .invalidName(let name): "snapshot: \"\(name)\" is not a container's name"
        case .tooManyLayers(let count, let limit): "image: \(count) layers, but at most \(limit) can be mounted"
        case .damaged(let name, let path): "snapshot \(name): damaged on disk, and set aside as \(path)"
        case .inUse(let path): "snapshots \(path): another supervisor has them open; give this one its own --root"
        case .overlayUnavailable(let error): "snapshots: the kernel refuses overlay mounts here: \(error)"
        case .mount(let target, let error): "mount \(target): \(error)"
        case .layer(let error): error.description
        case .system(let error): "snapshots: \(error)"
        }
    }

    /// Whether the disk, or the user's share of it, is full.
    public var isOutOfSpace: Bool {
        switch self {
        case .layer(let error): error.isOutOfSpace
        case .system(let error), .mount(_, let error): error.errno == .noSpace || error.errno == .quota
        default: false
        }
    }
}
