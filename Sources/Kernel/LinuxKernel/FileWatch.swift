internal import CLinux
internal import Glibc

/// Notices of changes below a directory (inotify(7)), as one descriptor to poll.
public struct FileWatch: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    /// Watches the files in the directory `path`: written, made, renamed, removed.
    public init(directory path: String) throws(SystemError) {
        let watch = OwnedDescriptor(owning: try checked(cl_inotify_create(), "inotify_init"))
        let wanted = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF)
        try checked(cl_inotify_add(watch.number, path, wanted), "inotify_add_watch", path)
        descriptor = watch
    }

    /// Takes all notices that wait, so that the descriptor is readable again only after another change.
    public func drain() {
        while let notices = try? descriptor.descriptor.read(upTo: 4096), !notices.isEmpty {}
    }
}
