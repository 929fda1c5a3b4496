internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// A row of `images`: an image under one of its names.
struct ImageRow {
    static let columns = #"{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"#
    static let columnsWithDigest =
        #"{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"#
    static let headings = [
        "Repository": "REPOSITORY", "Tag": "TAG", "Digest": "DIGEST", "ID": "IMAGE ID", "CreatedSince": "CREATED",
        "CreatedAt": "CREATED AT", "Size": "SIZE", "Containers": "CONTAINERS", "SharedSize": "SHARED SIZE",
        "UniqueSize": "UNIQUE SIZE", "VirtualSize": "SIZE",
    ]
    private static let none = "<none>"

    let image: ImageSummary
    /// Nil for an image without a name.
    let reference: String?
    let now: Timestamp
    var truncates = true

    /// A row a name; one row for an image that has none.
    static func rows(for image: ImageSummary, now: Timestamp, truncates: Bool) -> [ImageRow] {
        if image.references.isEmpty {
            return [ImageRow(image: image, reference: nil, now: now, truncates: truncates)]
        }
        return image.references.map { ImageRow(image: image, reference: $0, now: now, truncates: truncates) }
    }

    var data: TemplateData {
        let (repository, tag) = Self.split(reference)
        return TemplateData.row([
            "Repository": repository ?? digestRepository ?? Self.none,
            "Tag": tag ?? Self.none,
            "Digest": digest(of: repository) ?? Self.none,
            "ID": truncates ? image.id.shortID : image.id,
            "CreatedSince": image.created.map { $0.age(at: now) + " ago" } ?? "N/A",
            "CreatedAt": image.created?.goText ?? "N/A",
            "Size": HumanSize.decimal(image.size),
            "VirtualSize": HumanSize.decimal(image.size),
            "Containers": "N/A", "SharedSize": "N/A", "UniqueSize": "N/A",
        ])
    }

    /// `localhost:5000/a:1` is repository `localhost:5000/a` and tag `1`.
    static func split(_ reference: String?) -> (repository: String?, tag: String?) {
        guard let reference else { return (nil, nil) }
        guard let colon = reference.lastIndex(of: ":"), !reference[colon...].contains("/") else {
            return (reference, nil)
        }
        return (String(reference[..<colon]), String(reference[reference.index(after: colon)...]))
    }

    /// The repository of an image that is known by digest alone.
    private var digestRepository: String? { image.digests.first.map { String($0.prefix { $0 != "@" }) } }

    private func digest(of repository: String?) -> String? {
        let entry = image.digests.first { repository == nil || $0.hasPrefix("\(repository ?? "")@") }
        return entry?.split(separator: "@").last.map(String.init)
    }
}
