internal import ImageSpec

/// Where the content store keeps what. Directories have mode 0700, files 0600.
///
/// ```
/// <root>/
///     lock                       held while a supervisor has the store open
///     blobs/sha256/<hex>         whole and verified contents, named by their digests
///     blobs/sha512/<hex>
///     downloads/<algorithm>-<hex> contents that are not all here yet, by what they will be; they may be gone on with
///     ingest/<random>            contents that are being written; what lies here at open was left by a crash
///     damaged/<algorithm>-<hex>  contents that were no longer what their names say; nothing removes them
/// ```
enum ContentStoreLayout {
    static let lock = "lock"
    static let ingest = "ingest"
    static let damaged = "damaged"
    static let downloads = "downloads"
    static let directoryMode: UInt32 = 0o700
    static let fileMode: UInt32 = 0o600

    static var directories: [String] {
        [ImageLayout.blobsDirectory, ingest, downloads, damaged] + Digest.Algorithm.allCases.map(directory(of:))
    }

    static func directory(of algorithm: Digest.Algorithm) -> String {
        "\(ImageLayout.blobsDirectory)/\(algorithm.rawValue)"
    }

    static func blob(_ digest: Digest) -> String { ImageLayout.path(of: digest) }

    static func download(_ digest: Digest) -> String { "\(downloads)/\(digest.algorithm.rawValue)-\(digest.encoded)" }

    static func damaged(_ digest: Digest) -> String { "\(damaged)/\(digest.algorithm.rawValue)-\(digest.encoded)" }

    static func newIngest() -> String { "\(ingest)/\(String(UInt64.random(in: .min ... .max), radix: 36))" }
}
