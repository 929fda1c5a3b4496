public import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// Holds contents against ``ContentStore/collect(keeping:)`` while an image is on its way into the database, which
/// will hold them from then on. It lets go of them when it goes away.
public final class ContentLease: Sendable {
    private let store: ContentStore
    /// What is held, and whether it came into the store under this lease.
    private let held = Mutex<[Digest: Bool]>([:])

    init(_ store: ContentStore) { self.store = store }

    deinit { for digest in held.withLock({ Array($0.keys) }) { store.leases.release(digest) } }

    /// Holds `digest`, whether or not it is there yet, from now on.
    public func hold(_ digest: Digest) {
        let isNew = held.withLock { $0.updateValue($0[digest] ?? false, forKey: digest) == nil }
        if isNew { store.leases.hold(digest) }
    }

    func noteAdded(_ digest: Digest) { held.withLock { $0[digest] = true } }

    /// Removes what came under this lease, unless another holds it too: its image was refused.
    public func abandon() {
        let added = held.withLock { held in held.filter(\.value).map(\.key) }
        for digest in added { store.leases.remove(digest, heldByOthersThan: 1) { try? store.delete(digest) } }
    }

    /// Removes one content that came under this lease and is of no use, unless another holds it too.
    public func abandon(_ digest: Digest) {
        guard held.withLock({ $0[digest] }) == true else { return }
        store.leases.remove(digest, heldByOthersThan: 1) { try? store.delete(digest) }
    }
}

/// How many leases hold each content.
final class LeaseTable: Sendable {
    private let counts = Mutex<[Digest: Int]>([:])

    func hold(_ digest: Digest) { counts.withLock { $0[digest, default: 0] += 1 } }

    func release(_ digest: Digest) {
        counts.withLock { counts in
            let left = (counts[digest] ?? 1) - 1
            counts[digest] = left > 0 ? left : nil
        }
    }

    /// Calls `removal` if no more than `count` leases hold `digest`. Whoever takes one meanwhile waits, and then
    /// finds the content gone.
    func remove(_ digest: Digest, heldByOthersThan count: Int, _ removal: () -> Void) {
        counts.withLock { counts in if counts[digest] ?? 0 <= count { removal() } }
    }
}

extension ContentStore {
    /// A lease on contents that will be named one by one.
    public func lease() -> ContentLease { ContentLease(self) }

    /// Removes everything that is neither in `keeping` nor held by a lease; answers what went.
    @discardableResult
    public func collect(keeping kept: Set<Digest>) throws(ContentStoreError) -> [StoredContent] {
        var removed: [StoredContent] = []
        for content in try list() where !kept.contains(content.digest) {
            var failure: ContentStoreError?
            leases.remove(content.digest, heldByOthersThan: 0) {
                do throws(ContentStoreError) {
                    try delete(content.digest)
                    removed.append(content)
                } catch { failure = error }
            }
            if let failure { throw failure }
        }
        return removed
    }

    /// Everything that the image with this manifest consists of: the manifest, its configuration and its layers.
    public func contents(ofManifest digest: Digest) throws(ContentStoreError) -> Set<Digest> {
        let bytes = try read(digest)
        guard case .manifest(let manifest)? = try? ManifestDocument(parsing: bytes) else { return [digest] }
        return Set([digest, manifest.config.digest] + manifest.layers.map(\.digest))
    }
}
