public import LinuxKernel

/// Overlayfs's own extended attributes: Linux's Documentation/filesystems/overlayfs.rst.
public enum OverlayAttribute {
    /// Marks a directory in which nothing of the layers below shows, for mounts of root's; ``userOpaque`` for those
    /// with the option `userxattr`. Its value is ``isSet``.
    public static let opaque = FileName(cleaned: Array("trusted.overlay.opaque".utf8))
    public static let userOpaque = FileName(cleaned: Array("user.overlay.opaque".utf8))
    public static let isSet = Array("y".utf8)

    private static let prefixes = ["trusted.overlay.", "user.overlay."].map { Array($0.utf8) }

    /// Whether an attribute is a command to overlayfs, and says nothing to anybody else.
    static func contains(_ name: [UInt8]) -> Bool { prefixes.contains { name.starts(with: $0) } }
}
