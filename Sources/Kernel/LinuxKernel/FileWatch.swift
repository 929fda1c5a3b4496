internal import CLinux
internal import Glibc

/// Notices of changes of files (inotify(7)), as one descriptor to poll.
public struct FileWatch: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    /// Watches the files in the directory `path`: written, made, renamed, removed.
    public init(directory path: String) throws(SystemError) {
        try self.init(path, CInt(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF))
    }

    /// Watches the content of one file.
    public init(file path: String) throws(SystemError) { try self.init(path, CInt(IN_MODIFY)) }

    private init(_ path: String, _ wanted: CInt) throws(SystemError) {
        let watch = OwnedDescriptor(owning: try checked(cl_inotify_create(), "inotify_init"))
        try checked(cl_inotify_add(watch.number, path, UInt32(wanted)), "inotify_add_watch", path)
        descriptor = watch
    }

    /// Takes all notices that wait, so that the descriptor is readable again only after another change.
    public func drain() {
        while let notices = try? descriptor.descriptor.read(upTo: 4096), !notices.isEmpty {}
    }
}
