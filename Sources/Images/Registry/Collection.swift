public import ContentStore
internal import ImageSpec
public import LinuxKernel

/// What a collection may remove.
public struct CollectionRules: Hashable, Sendable {
    /// Manifests without a tag, unless an index or a referrer that stays needs them.
    public var removesUntagged: Bool
    /// What came or was touched after this moment stays: it may be part of a push that goes on.
    public var olderThan: Timestamp
    /// Uploads that were last written to before this moment are given up.
    public var uploadsOlderThan: Timestamp

    public init(removesUntagged: Bool = false, olderThan: Timestamp, uploadsOlderThan: Timestamp) {
        self.removesUntagged = removesUntagged
        self.olderThan = olderThan
        self.uploadsOlderThan = uploadsOlderThan
    }
}

/// What a collection removed.
public struct CollectionReport: Hashable, Sendable {
    public var manifests = 0
    /// Names in repositories.
    public var blobs = 0
    public var uploads = 0
    public var contents: [StoredContent] = []

    /// In bytes.
    public var freed: Int64 { contents.reduce(0) { $0 + $1.size } }
}

extension Registry {
    /// Removes what nothing refers to, while the registry serves.
    public func collect(_ rules: CollectionRules) throws(RegistryError) -> CollectionReport {
        var report = CollectionReport()
        for name in try names(with: RegistryLayout.image) {
            guard let repository = try existingOrNil(name) else { continue }
            if rules.removesUntagged { try removeUntagged(repository, rules, &report) }
            try removeUnused(repository, rules, &report)
        }
        try removeStaleUploads(rules, &report)
        report.contents = try asRegistry { () throws(ContentStoreError) in
            try contents.collectUnlinked(olderThan: rules.olderThan)
        }
        return report
    }

    private func removeUntagged(_ repository: Repository, _ rules: CollectionRules, _ report: inout CollectionReport)
        throws(RegistryError)
    {
        let needed = try neededManifests(repository)
        let recent = Set(try repository.list(changedBefore: nil, from: rules.olderThan))
        let removed = try repository.change { index throws(RegistryError) in
            let unneeded = Set(index.manifests.keys).subtracting(needed).subtracting(recent)
                .filter { index.tags(of: $0).isEmpty }
            for digest in unneeded { _ = index.remove(manifest: digest) }
            return unneeded.count
        }
        report.manifests += removed
    }

    /// Manifests with a tag, those that they list, and those that refer to any of them.
    private func neededManifests(_ repository: Repository) throws(RegistryError) -> Set<Digest> {
        let index = repository.look { $0 }
        var needed: Set<Digest> = []
        var rest = Array(index.tags.values)
        while let digest = rest.popLast() {
            guard let descriptor = index.manifests[digest], needed.insert(digest).inserted else { continue }
            rest += try references(of: descriptor).map(\.digest)
            rest += index.referrers(of: digest).map(\.digest)
        }
        return needed
    }

    private func references(of descriptor: ContentDescriptor) throws(RegistryError) -> [ContentDescriptor] {
        let bytes = try asRegistry { () throws(ContentStoreError) in try contents.read(descriptor.digest) }
        return try ManifestReading(bytes, declared: descriptor.mediaType).references
    }

    /// Removes the names of contents that no manifest of the repository needs.
    private func removeUnused(_ repository: Repository, _ rules: CollectionRules, _ report: inout CollectionReport)
        throws(RegistryError)
    {
        // Listed first: what comes meanwhile is not in the list, and so is not removed.
        let candidates = try repository.list(changedBefore: rules.olderThan)
        let manifests = repository.look { $0.manifests }
        var used = Set(manifests.keys)
        for descriptor in manifests.values { used.formUnion(try references(of: descriptor).map(\.digest)) }
        for digest in candidates where !used.contains(digest) {
            if try repository.unlink(digest) { report.blobs += 1 }
        }
    }

    private func removeStaleUploads(_ rules: CollectionRules, _ report: inout CollectionReport) throws(RegistryError) {
        for name in try names(with: RegistryLayout.uploads) {
            for (id, _) in try onDisk({ () throws(SystemError) in
                try root.descriptor.entries(of: RegistryLayout.uploads(name))
            }) {
                let status = try? root.descriptor.status(of: RegistryLayout.upload(id, name), followingLinks: false)
                guard let status, status.modified.seconds < rules.uploadsOlderThan.seconds,
                    let upload = try? takeUpload(id, of: name)
                else { continue }
                try cancel(upload)
                report.uploads += 1
            }
        }
    }
}

extension CollectionReport: CustomStringConvertible {
    public var description: String {
        "removed \(manifests) manifests, \(blobs) blobs of repositories, \(uploads) uploads and \(contents.count) contents: "
            + "\(freed) bytes"
    }
}
