public import CheckpointRestore

/// What `checkpoint` and `restore` have in common: where the images are, and what CRIU may do.
public struct ImageOptions: Sendable {
    /// The directory of the images.
    public var images: String
    /// The directory of CRIU's log and other files of its work; nil: that of the images.
    public var work: String?
    public var keepsEstablishedTCP: Bool
    public var allowsExternalUnixSockets: Bool
    /// The session's leader is outside of the container.
    public var isShellJob: Bool
    public var handlesFileLocks: Bool
    /// Pages that are in older images, too, are kept once.
    public var removesDuplicates: Bool
    /// The memory moves while the process runs already.
    public var servesPagesLazily: Bool
    public var cgroupsMode: CgroupsMode

    public init(images: String) {
        self.images = images
        keepsEstablishedTCP = false
        allowsExternalUnixSockets = false
        isShellJob = false
        handlesFileLocks = false
        removesDuplicates = false
        servesPagesLazily = false
        cgroupsMode = .standard
    }
}

/// What `checkpoint` takes beside an identifier.
public struct CheckpointOptions: Sendable {
    public var images: ImageOptions
    /// An earlier image, relative to the directory of this one.
    public var parent: String?
    public var leavesRunning: Bool
    public var skipsTCPInFlight: Bool
    /// Gives files without a name one again.
    public var remapsLinks: Bool
    /// A descriptor that receives a zero byte once pages are served.
    public var statusDescriptor: Int32?
    public var pageServer: PageServer?
    /// Takes the memory alone, and lets the container run on.
    public var isPreDump: Bool

    public init(images: ImageOptions) {
        self.images = images
        leavesRunning = false
        skipsTCPInFlight = false
        remapsLinks = false
        isPreDump = false
    }
}

/// What `restore` takes beside an identifier.
public struct RestoreOptions: Sendable {
    public var images: ImageOptions
    public var create: CreateOptions
    /// Returns once the process runs.
    public var detach: Bool
    /// Does not adopt processes that the container leaves behind.
    public var noSubreaper: Bool
    /// `TYPE:NAME`, `apparmor` or `selinux`, instead of what the images have.
    public var securityProfile: String?
    /// The SELinux context of mounts, instead of what the images have.
    public var securityMountContext: String?

    public init(images: ImageOptions, create: CreateOptions = CreateOptions()) {
        self.images = images
        self.create = create
        detach = false
        noSubreaper = false
    }
}
