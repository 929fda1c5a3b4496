internal import CLinux

/// The numbers by which statfs(2) tells file systems apart.
public enum FilesystemType {
    public static let cgroup: UInt32 = 0x27_e0eb
    public static let cgroup2: UInt32 = 0x6367_7270
    public static let proc: UInt32 = 0x9fa0
    public static let tmpfs: UInt32 = 0x0102_1994
    public static let devpts: UInt32 = 0x1cd1
    public static let overlay: UInt32 = 0x794c_7630
    public static let resctrl: UInt32 = 0x0765_5821
}

extension Descriptor {
    /// Which file system this file lies on (fstatfs(2)).
    public func filesystemType() throws(SystemError) -> UInt32 {
        UInt32(truncatingIfNeeded: try checked(cl_filesystem_type(number), "fstatfs"))
    }
}
