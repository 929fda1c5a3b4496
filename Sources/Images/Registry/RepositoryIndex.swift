internal import ImageSpec

/// What a repository has of manifests: which there are, which tags they have, and which refer to which.
struct RepositoryIndex: Hashable, Sendable {
    /// Without the annotations that say what is in `tags` and `subjects`.
    private(set) var manifests: [Digest: ContentDescriptor] = [:]
    private(set) var tags: [String: Digest] = [:]
    /// The subject of each manifest that has one.
    private(set) var subjects: [Digest: Digest] = [:]

    /// What is no tag of the specification's is not a tag, and a second manifest of one tag does not count.
    init(_ index: Index) {
        for var descriptor in index.manifests {
            let annotations = descriptor.annotations ?? [:]
            descriptor.annotations = nil
            manifests[descriptor.digest] = descriptor
            if let tag = annotations[AnnotationKey.referenceName], ImageReference.isTag(tag), tags[tag] == nil {
                tags[tag] = descriptor.digest
            }
            subjects[descriptor.digest] = annotations[Self.subjectKey].flatMap { try? Digest($0) }
        }
    }

    init() {}

    /// Our own annotation: image-spec's annotations.md, "Rules" asks for a reverse domain name.
    private static let subjectKey = "io.wherry.registry.subject"

    /// As `index.json` has it: image-layout.md, "index.json file". In order, so that equal contents are equal bytes.
    var document: Index {
        var tagsOfManifest: [Digest: [String]] = [:]
        for (tag, digest) in tags { tagsOfManifest[digest, default: []].append(tag) }
        return Index(
            manifests: manifests.keys.sorted().flatMap { digest in
                entries(of: digest, tags: tagsOfManifest[digest]?.sorted() ?? [])
            })
    }

    private func entries(of digest: Digest, tags: [String]) -> [ContentDescriptor] {
        guard let descriptor = manifests[digest] else { return [] }
        let marks: [String?] = tags.isEmpty ? [nil] : tags
        return marks.map { tag in
            var entry = descriptor
            var annotations: [String: String] = [:]
            annotations[AnnotationKey.referenceName] = tag
            annotations[Self.subjectKey] = subjects[digest]?.description
            entry.annotations = annotations.isEmpty ? nil : annotations
            return entry
        }
    }
}

// MARK: Questions

extension RepositoryIndex {
    func descriptor(_ reference: ManifestReference) -> ContentDescriptor? {
        switch reference {
        case .digest(let digest): manifests[digest]
        case .tag(let tag): tags[tag].flatMap { manifests[$0] }
        }
    }

    /// The manifests that have `subject`, in order.
    func referrers(of subject: Digest) -> [ContentDescriptor] {
        subjects.filter { $0.value == subject }.keys.sorted().compactMap { manifests[$0] }
    }

    func tags(of digest: Digest) -> [String] { tags.filter { $0.value == digest }.keys.sorted() }
}

// MARK: Changes

extension RepositoryIndex {
    mutating func add(_ descriptor: ContentDescriptor, subject: Digest?, tags newTags: [String]) {
        manifests[descriptor.digest] = descriptor
        subjects[descriptor.digest] = subject
        for tag in newTags { tags[tag] = descriptor.digest }
    }

    /// Whether there was such a tag. Its manifest stays.
    mutating func remove(tag: String) -> Bool { tags.removeValue(forKey: tag) != nil }

    /// Whether there was such a manifest. Its tags go with it.
    mutating func remove(manifest digest: Digest) -> Bool {
        subjects[digest] = nil
        for tag in tags(of: digest) { tags[tag] = nil }
        return manifests.removeValue(forKey: digest) != nil
    }
}
