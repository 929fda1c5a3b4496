internal import LinuxKernel
internal import RuntimeSpec

/// What the runtime prepared before there was a process, and hands down to it: descriptors and values, inherited by the
/// copy that clone3(2) makes.
struct SetupSurroundings {
    var channel: ContainerEnd
    /// The root filesystem's directory; nil for a process that joins.
    var rootDirectory: Descriptor?
    /// Where the root filesystem lies, as the path that hooks know it by.
    var rootPath = "/"
    /// User namespaces that map owners, by position in `mounts`.
    var idMaps: [Int: Descriptor] = [:]
    var cgroupSources: [CgroupSource] = []
    var processFilesystem: ProcessFilesystem?
    var filter: SeccompProgram?
    var hooks: Hooks?
    var state: State?
    var wait: StartSignal
    /// Who made the container, and is to join it later, has no privileges.
    var isOfOrdinaryUser = false
    var preservedDescriptors: Int
    var log: RuntimeLog

    /// All that are in here, without those that are handed on.
    var descriptors: [Descriptor] {
        var all = [channel.socket] + idMaps.values
        if case .pipe(let pipe) = wait { all.append(pipe) }
        return all + [rootDirectory, processFilesystem?.root, log.file].compactMap { $0 }
    }
}

/// A cgroup to show in the container: a directory of `/sys/fs/cgroup`, with links to it.
struct CgroupSource {
    let name: String
    let links: [String]
    let filesystem: String
    let options: [String]
    /// Where the container's own cgroup is, if it has one.
    let path: String?
}

/// How a process that is ready learns that it may become its program.
enum StartSignal {
    /// The runtime that made it says so.
    case message
    /// Another runtime writes to this pipe; it reads there what fails from then on.
    case pipe(Descriptor)
}

/// What passes through the pipe of ``StartSignal/pipe(_:)``: one byte from `start`, and back either nothing or one line
/// of failure, which is less than a pipe holds.
enum StartPipe {
    static let go: [UInt8] = [UInt8(ascii: "1")]
    static let mostRead = 64 * 1024
}
