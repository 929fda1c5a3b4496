public import ImageSpec
public import Layers
public import LinuxKernel

/// A layer on its way into the snapshots. Dropped without a commit, it leaves nothing behind.
public final class LayerPreparation: Sendable {
    public let chain: ChainID
    public let parent: ChainID?
    /// How whiteouts have to be kept in ``directory``.
    public let whiteouts: WhiteoutForm
    private let owned: OwnedDescriptor

    /// Where to unpack.
    public var directory: Descriptor { owned.descriptor }

    init(chain: ChainID, parent: ChainID?, whiteouts: WhiteoutForm, directory: consuming OwnedDescriptor) {
        self.chain = chain
        self.parent = parent
        self.whiteouts = whiteouts
        owned = directory
    }
}
