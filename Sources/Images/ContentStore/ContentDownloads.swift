public import ImageSpec
public import LinuxKernel

/// Contents that come from elsewhere, over connections that break.
extension ContentStore {
    /// Goes on with the download of `digest` where it was suspended, or starts it. One writes at a time: the caller
    /// sees to that.
    public func resumeDownload(of digest: Digest, holding lease: ContentLease? = nil)
        throws(ContentStoreError) -> Ingest
    {
        let place = ContentStoreLayout.download(digest)
        let root = root.descriptor
        let isThere = try storing { () throws(SystemError) in try root.exists(place) }
        return isThere
            ? try resume(place, digest.algorithm, holding: lease)
            : try begin(at: place, digest.algorithm, holding: lease)
    }

    /// Removes downloads that nobody went on with since `moment`; answers how many bytes that were.
    @discardableResult
    public func removeDownloads(notTouchedSince moment: Timestamp) throws(ContentStoreError) -> Int64 {
        let root = root.descriptor
        return try storing { () throws(SystemError) in
            var removed: Int64 = 0
            for (name, _) in try root.entries(of: ContentStoreLayout.downloads) {
                let path = "\(ContentStoreLayout.downloads)/\(name)"
                let status = try root.status(of: path, followingLinks: false)
                guard status.changed.seconds < moment.seconds else { continue }
                try root.removeTree(path)
                removed += status.size
            }
            return removed
        }
    }
}
