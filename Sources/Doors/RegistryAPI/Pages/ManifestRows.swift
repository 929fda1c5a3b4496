internal import ImageSpec
internal import Registry

/// Manifests as tables.
enum ManifestRows {
    static func row(tag: String, _ summary: ManifestSummary, in name: RepositoryName) -> HTMLText {
        """
        <tr><td>\(tag)</td><td>\(link(summary.digest, in: name))</td><td>\(kind(summary))</td>
        <td class="size">\(size(summary.size))</td></tr>
        """
    }

    static func table(_ summary: ManifestSummary, in name: RepositoryName) -> HTMLText {
        let rows = summary.parts.map { part -> HTMLText in
            let isManifest = [.manifest, .index].contains(part.mediaType.kind)
            let digest: HTMLText = isManifest ? link(part.digest, in: name) : "<code>\(part.digest)</code>"
            return """
                <tr><td>\(digest)</td><td>\(part.platform?.description ?? part.mediaType.description)</td>
                <td class="size">\(size(part.size))</td></tr>
                """
        }
        return """
            <p>\(summary.mediaType) \(size(summary.size)), pushed as <code>\(summary.digest)</code></p>
            <table><tr><th>Digest</th><th>Type</th><th class="size">Size</th></tr>
            \(HTMLText.joined(rows))</table>
            """
    }

    private static func link(_ digest: Digest, in name: RepositoryName) -> HTMLText {
        "<a href=\"/repositories/\(name)@\(digest)\"><code>\(digest.short)</code></a>"
    }

    private static func kind(_ summary: ManifestSummary) -> HTMLText {
        if summary.mediaType.kind == .index { return "\(summary.parts.count) images" }
        return "\(max(0, summary.parts.count - 1)) layers"
    }

    /// In units of 1000 bytes, as docker shows sizes.
    static func size(_ bytes: Int64?) -> String {
        guard let bytes else { return "" }
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1000 { return unit == "B" ? "\(bytes) B" : "\(Double(Int(value * 10)) / 10) \(unit)" }
            value /= 1000
        }
        return "\(Double(Int(value * 10)) / 10) TB"
    }
}
