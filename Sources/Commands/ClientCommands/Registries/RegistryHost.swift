internal import CommandKit
internal import ImageSpec

/// A registry as users name it.
struct RegistryHost: Hashable, Sendable {
    static let standard = RegistryHost("docker.io")

    /// `HOST[:PORT]`, as references of images have it.
    let domain: String

    /// Reads `HOST[:PORT]`, and addresses, of which docker kept some: `https://index.docker.io/v1/`.
    init(_ text: String) {
        let host = Self.host(in: text)
        domain = ["index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : host
    }

    /// The registry of the image that is called `reference`; nil for what is no reference.
    init?(of reference: String) {
        guard let reference = try? ImageReference(parsing: reference) else { return nil }
        domain = reference.domain
    }

    /// What docker keeps its login by.
    var key: String { self == .standard ? "https://index.docker.io/v1/" : domain }

    private static func host(in text: String) -> String {
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) } ?? ""
        return String(text.dropFirst(scheme.count).prefix { $0 != "/" })
    }
}
