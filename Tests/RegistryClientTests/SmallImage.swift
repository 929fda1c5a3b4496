import ContentStore
import ImageSpec

/// An image of one layer that is no archive: nobody unpacks it here.
struct SmallImage {
    let layer: [UInt8]
    let layerDigest: Digest
    let configuration: [UInt8]
    let configurationDigest: Digest
    let manifest: [UInt8]
    let manifestDigest: Digest

    init(_ layer: [UInt8] = Array("layer of a small image".utf8), change: (inout Manifest) -> Void = { _ in }) throws {
        self.layer = layer
        layerDigest = try Digest.of(layer)
        configuration = try encodeDocument(
            ImageConfiguration(platform: .host, diffIDs: [layerDigest]), subject: "configuration")
        configurationDigest = try Digest.of(configuration)
        var document = Manifest(
            config: ContentDescriptor(
                mediaType: .ociConfiguration, digest: configurationDigest, size: Int64(configuration.count)),
            layers: [ContentDescriptor(mediaType: .ociLayer, digest: layerDigest, size: Int64(layer.count))])
        change(&document)
        manifest = try encodeDocument(document, subject: "manifest")
        manifestDigest = try Digest.of(manifest)
    }

    /// An index that has this image, and one for a machine that nobody has.
    func index() throws -> [UInt8] {
        let size = Int64(manifest.count)
        let other = Platform(architecture: "s390x")
        return try encodeDocument(
            Index(manifests: [
                ContentDescriptor(
                    mediaType: .ociManifest, digest: configurationDigest, size: size, platform: other),
                ContentDescriptor(mediaType: .ociManifest, digest: manifestDigest, size: size, platform: .host),
            ]), subject: "index")
    }

    /// What an honest registry answers.
    func answer(_ request: ScriptedRegistry.Request) -> [UInt8] {
        let isHead = request.method == "HEAD"
        switch request.target.split(separator: "/").last.map(String.init) {
        case "latest", "\(manifestDigest)":
            return ScriptedRegistry.answer(
                200,
                ["Content-Type": MediaType.ociManifest.rawValue, "Docker-Content-Digest": "\(manifestDigest)"],
                isHead ? [] : manifest, announcing: manifest.count)
        case "\(configurationDigest)": return ScriptedRegistry.answer(200, [:], configuration)
        case "\(layerDigest)": return ScriptedRegistry.answer(200, [:], layer)
        default: return ScriptedRegistry.answer(404)
        }
    }
}
