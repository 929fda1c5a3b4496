internal import ImageSpec

/// Where the registry keeps what, below its root. Directories have mode 0700, files 0600.
///
/// ```
/// <root>/
///     lock, blobs/, ingest/, damaged/       the content store, shared by all repositories
///     repositories/<name>/
///         _image/                           an OCI image layout: skopeo reads it as oci:<root>/repositories/<name>/_image
///             oci-layout
///             index.json                    every manifest, once for each of its tags; there once anything was pushed
///             blobs/<algorithm>/<hex>       hard links to the content store: what the repository has, nothing else
///         _uploads/<id>                     blobs that are being pushed; they outlive the server
/// ```
///
/// A name's component never begins with an underscore, and so no repository lies in another one's folders.
enum RegistryLayout {
    static let repositories = "repositories"
    static let image = "_image"
    static let uploads = "_uploads"
    static let directoryMode: UInt32 = 0o700

    static func repository(_ name: RepositoryName) -> String { "\(repositories)/\(name)" }
    static func image(_ name: RepositoryName) -> String { "\(repository(name))/\(image)" }
    static func uploads(_ name: RepositoryName) -> String { "\(repository(name))/\(uploads)" }
    static func upload(_ id: String, _ name: RepositoryName) -> String { "\(uploads(name))/\(id)" }
    static func index(_ name: RepositoryName) -> String { "\(image(name))/\(ImageLayout.indexFile)" }
    static func marker(_ name: RepositoryName) -> String { "\(image(name))/\(ImageLayout.markerFile)" }
    static func blob(_ digest: Digest, _ name: RepositoryName) -> String {
        "\(image(name))/\(ImageLayout.path(of: digest))"
    }
    static func blobs(_ algorithm: Digest.Algorithm, _ name: RepositoryName) -> String {
        "\(image(name))/\(ImageLayout.blobsDirectory)/\(algorithm.rawValue)"
    }
}
