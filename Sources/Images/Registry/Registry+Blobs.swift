internal import ContentStore
public import ImageSpec
public import LinuxKernel

/// Blobs of a repository: spec.md, "Pulling blobs", "Mounting a blob from another repository", "Deleting Blobs".
extension Registry {
    /// The blob's size in bytes.
    public func blobSize(_ digest: Digest, in name: RepositoryName) throws(RegistryError) -> Int64 {
        guard let size = try existing(name).size(of: digest) else { throw Self.unknownBlob(digest, name) }
        return size
    }

    /// The blob, open for reading, and its size in bytes. It can be read to its end even if it is deleted meanwhile.
    public func openBlob(_ digest: Digest, in name: RepositoryName) throws(RegistryError)
        -> (file: SharedDescriptor, size: Int64)
    {
        let size = try blobSize(digest, in: name)
        do { return (SharedDescriptor(try contents.open(digest)), size) } catch {
            if case .notFound = error { throw Self.unknownBlob(digest, name) }
            throw RegistryError(error)
        }
    }

    /// Takes a blob of repository `source`, or of any if nil, into `name` without a copy; false when there is none.
    public func mountBlob(_ digest: Digest, from source: RepositoryName?, into name: RepositoryName)
        throws(RegistryError) -> Bool
    {
        let lease = contents.lease()
        lease.hold(digest)
        if let source {
            guard try existingOrNil(source)?.has(digest) ?? false else { return false }
        }
        do { try making(name).link(digest) } catch {
            guard error.code == .blobUnknown else { throw error }
            return false  // Deleted and collected meanwhile.
        }
        return true
    }

    public func deleteBlob(_ digest: Digest, in name: RepositoryName) throws(RegistryError) {
        let repository = try existing(name)
        guard repository.look({ $0.descriptor(.digest(digest)) }) == nil else {
            throw RegistryError(.unsupported, "\(digest) is a manifest of \(name): delete it as one")
        }
        guard try repository.unlink(digest) else { throw Self.unknownBlob(digest, name) }
    }

    static func unknownBlob(_ digest: Digest, _ name: RepositoryName) -> RegistryError {
        RegistryError(.blobUnknown, "repository \(name) has no blob \(digest)")
    }
}
