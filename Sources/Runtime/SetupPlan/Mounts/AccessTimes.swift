internal import LinuxKernel

/// Which kinds of access times options name, of which one comes to be: `MS_NOATIME`, `MS_RELATIME` and
/// `MS_STRICTATIME` of mount(2).
struct AccessTimes: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let never = AccessTimes(rawValue: 1)
    static let relative = AccessTimes(rawValue: 2)
    static let strict = AccessTimes(rawValue: 4)

    /// Strict ones are stronger than none, and relative ones the default.
    var attribute: MountAttributes {
        if contains(.strict) { return .strictAccessTime }
        return contains(.never) ? .noAccessTime : []
    }
}

extension AccessTimes {
    /// The kind that a mount has.
    init(of mount: MountAttributes) {
        if mount.contains(.noAccessTime) {
            self = .never
        } else {
            self = mount.contains(.strictAccessTime) ? .strict : .relative
        }
    }
}
