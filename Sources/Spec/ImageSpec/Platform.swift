/// What machine an image is for (image-spec 1.1, image-index.md, "platform"): Go's names of systems and processors.
public struct Platform: Hashable, Sendable, Codable, CustomStringConvertible {
    public var architecture: String
    public var os: String
    public var osVersion: String?
    public var osFeatures: [String]?
    public var variant: String?

    public init(os: String = "linux", architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    enum CodingKeys: String, CodingKey {
        case architecture, os, variant
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    /// `linux/arm64/v8`, `linux/amd64`, `arm64` or `linux`, as docker's `--platform` takes it.
    public init(parsing text: String) throws(ImageSpecError) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isFine = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0.isAlphanumeric || $0 == 0x5f || $0 == 0x2e || $0 == 0x2d }
        }
        guard isFine, (1...3).contains(parts.count) else {
            throw ImageSpecError(.invalidPlatform, "platform \(quoted(text)): must be OS/ARCHITECTURE[/VARIANT]")
        }
        if parts.count == 1 {
            self =
                Self.systems.contains(parts[0])
                ? Platform(os: parts[0], architecture: Platform.host.architecture)
                : Platform(architecture: parts[0])
        } else {
            self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
        }
        self = normalized
    }

    /// This machine's.
    public static var host: Platform {
        #if arch(x86_64)
            Platform(architecture: "amd64")
        #elseif arch(arm64)
            Platform(architecture: "arm64", variant: "v8")
        #elseif arch(arm)
            Platform(architecture: "arm", variant: "v7")
        #elseif arch(riscv64)
            Platform(architecture: "riscv64")
        #else
            Platform(architecture: "unknown")
        #endif
    }

    /// The one spelling of what has several: `x86_64` is `amd64`, `aarch64` is `arm64/v8`.
    public var normalized: Platform {
        var platform = self
        switch architecture {
        case "x86_64", "x86-64": platform.architecture = "amd64"
        case "aarch64": platform.architecture = "arm64"
        case "i386", "x86": platform.architecture = "386"
        case "armhf": (platform.architecture, platform.variant) = ("arm", "v7")
        case "armel": (platform.architecture, platform.variant) = ("arm", "v6")
        default: break
        }
        if platform.architecture == "arm64", platform.variant == nil || platform.variant == "8" {
            platform.variant = "v8"
        }
        if platform.architecture == "arm", platform.variant == nil || platform.variant == "7" {
            platform.variant = "v7"
        }
        return platform
    }

    /// How well a machine of this platform runs an image for `other`: 0 is best, nil not at all.
    public func preference(for other: Platform) -> Int? {
        let (ours, theirs) = (normalized, other.normalized)
        guard ours.os == theirs.os, ours.architecture == theirs.architecture else { return nil }
        if ours.variant == theirs.variant { return 0 }
        guard let mine = Self.level(ours.variant), let needed = Self.level(theirs.variant) else { return nil }
        return needed <= mine ? mine - needed : nil
    }

    public var description: String { ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/") }

    private static func level(_ variant: String?) -> Int? {
        guard let variant else { return 1 }
        return variant.hasPrefix("v") ? Int(variant.dropFirst()) : nil
    }

    private static let systems: Set<String> = [
        "linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "illumos", "aix", "plan9",
        "wasi",
    ]
}
