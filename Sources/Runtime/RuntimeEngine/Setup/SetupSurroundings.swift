internal import LinuxKernel
internal import RuntimeSpec

/// What the runtime prepared before there was a process, and hands down to it: descriptors and values, inherited by the
/// copy that clone3(2) makes.
struct SetupSurroundings {
    var channel: ContainerEnd
    /// A copy of the root filesystem's mount, attached nowhere; nil for a process that joins.
    var rootMount: Descriptor?
    /// Where the root filesystem lies, as the path that hooks know it by.
    var rootPath = "/"
    /// Copies of the mounts that are to be bound, attached nowhere, by their position in `mounts`.
    var bindSources: [Int: Descriptor] = [:]
    var cgroupSources: [CgroupSource] = []
    var processFilesystem: ProcessFilesystem?
    var filter: SeccompProgram?
    var hooks: Hooks?
    var state: State?
    var wait: StartSignal
    var preservedDescriptors: Int
}

/// A cgroup to show in the container: a directory of `/sys/fs/cgroup`, with links to it.
struct CgroupSource {
    let name: String
    let links: [String]
    let filesystem: String
    let options: [String]
    /// A copy of the mount of the container's own cgroup, attached nowhere.
    let mount: Descriptor
}

/// How a process that is ready learns that it may become its program.
enum StartSignal {
    /// The runtime that made it says so.
    case message
    /// Another runtime writes to this pipe; what fails from then on is written to `failures`.
    case pipe(Descriptor, failures: Descriptor)
}
