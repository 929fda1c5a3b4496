public import ImageSpec
public import LinuxKernel

/// Contents that have names outside of the store: hard links. The kernel counts them, and a content without any is
/// nobody's.
extension ContentStore {
    /// Gives a content the name `path`, below the store, in a directory that is there. A name that is taken is left as
    /// it is: contents of one digest are the same.
    public func link(_ digest: Digest, to path: String) throws(ContentStoreError) {
        let root = root.descriptor
        do { try root.makeHardLink(path, to: ContentStoreLayout.blob(digest)) } catch {
            switch error.errno {
            case .exists: return
            // Either the content or the directory; the content is what can be gone.
            case .noEntry: throw .notFound(digest)
            default: throw .system(error)
            }
        }
    }

    /// Removes contents that have no other name, whose links last changed before `moment`, and that no
    /// lease holds; answers what went.
    @discardableResult
    public func collectUnlinked(olderThan moment: Timestamp) throws(ContentStoreError) -> [StoredContent] {
        var removed: [StoredContent] = []
        for content in try list() {
            var failure: ContentStoreError?
            leases.remove(content.digest, heldByOthersThan: 0) {
                do throws(ContentStoreError) {
                    guard try isUnlinked(content.digest, olderThan: moment) else { return }
                    try delete(content.digest)
                    removed.append(content)
                } catch { failure = error }
            }
            if let failure { throw failure }
        }
        return removed
    }

    private func isUnlinked(_ digest: Digest, olderThan moment: Timestamp) throws(ContentStoreError) -> Bool {
        let root = root.descriptor
        let status = try storing { () throws(SystemError) in
            try root.status(of: ContentStoreLayout.blob(digest), followingLinks: false)
        }
        return status.linkCount == 1 && status.changed.seconds < moment.seconds
    }
}
