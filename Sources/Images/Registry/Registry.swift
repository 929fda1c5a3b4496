public import ContentStore
internal import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// Repositories of manifests and blobs, on disk: what distribution-spec 1.1 asks of a registry, without HTTP.
///
/// All calls block, and may be made from any thread. What one answers with success outlasts the program's death, and
/// a manifest outlasts a power cut with all that it names.
public final class Registry: Sendable {
    public let contents: ContentStore
    let root: OwnedDescriptor
    let repositories = Mutex<[RepositoryName: Repository]>([:])
    let uploads = UploadTable()
    /// Held while a repository is made.
    private let making = Mutex(())

    /// Opens the registry at `path`, making what is missing.
    public init(opening path: String) throws(RegistryError) {
        contents = try asRegistry { () throws(ContentStoreError) in try ContentStore(opening: path) }
        root = try onDisk { () throws(SystemError) in
            try Descriptor.workingDirectory.open(path, [.path, .directory])
        }
        let root = root.descriptor
        try onDisk { () throws(SystemError) in
            try root.makeDirectories(RegistryLayout.repositories, mode: RegistryLayout.directoryMode)
        }
    }
}

// MARK: Repositories

extension Registry {
    /// The repository `name`, if anything was ever pushed there.
    func existing(_ name: RepositoryName) throws(RegistryError) -> Repository {
        guard let found = try existingOrNil(name) else {
            throw RegistryError(.nameUnknown, "repository \(name): nothing was pushed there")
        }
        return found
    }

    func existingOrNil(_ name: RepositoryName) throws(RegistryError) -> Repository? {
        if let repository = repositories.withLock({ $0[name] }) { return repository }
        return try Repository(opening: name, in: contents, root: root.descriptor).map(keep)
    }

    /// The repository `name`, made if it is not there.
    func making(_ name: RepositoryName) throws(RegistryError) -> Repository {
        if let found = try existingOrNil(name) { return found }
        return try making.withLock { _ throws(RegistryError) in
            if let found = try existingOrNil(name) { return found }
            return keep(try Repository(making: name, in: contents, root: root.descriptor))
        }
    }

    /// Whoever came first holds the index; the other's is thrown away.
    private func keep(_ repository: Repository) -> Repository {
        repositories.withLock { repositories in
            if let other = repositories[repository.name] { return other }
            repositories[repository.name] = repository
            return repository
        }
    }

    /// Names of repositories: distribution's `/v2/_catalog`.
    public func catalog(count: Int?, after last: String?) throws(RegistryError) -> Page {
        Page(of: try names(with: RegistryLayout.image).map(\.description), count: count, after: last)
    }

    /// All names whose folders hold `folder`, in no order.
    func names(with folder: String) throws(RegistryError) -> [RepositoryName] {
        var found: [RepositoryName] = []
        try collectNames(with: folder, below: "", &found)
        return found
    }

    private func collectNames(with folder: String, below prefix: String, _ found: inout [RepositoryName])
        throws(RegistryError)
    {
        let path = RegistryLayout.repositories + (prefix.isEmpty ? "" : "/" + prefix)
        let entries: [(name: String, kind: FileKind?)]
        do { entries = try root.descriptor.entries(of: path) } catch {
            guard error.errno != .noEntry else { return }  // Removed meanwhile.
            throw RegistryError(error)
        }
        if entries.contains(where: { $0.name == folder }), let name = try? RepositoryName(prefix) {
            found.append(name)
        }
        for entry in entries where entry.kind == .directory && !entry.name.hasPrefix("_") {
            try collectNames(with: folder, below: prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)", &found)
        }
    }
}
