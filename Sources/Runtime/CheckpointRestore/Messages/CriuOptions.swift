/// How CRIU is to do it: `criu_opts` of its `rpc.proto`, as far as a container runtime needs it. criu(8) says what each
/// means; nil leaves it to CRIU or to its configuration file.
///
/// Descriptors in it are numbers of the process that asks, whose `/proc/PID/fd` CRIU opens, except for those of
/// ``InheritedDescriptor``, which are CRIU's own.
public struct CriuOptions: Hashable, Sendable {
    public var imagesDirectory: Int32
    public var workDirectory: Int32?
    /// The first process of the tree to dump.
    public var pid: Int32?
    /// What will be the root of the tree's mount namespace.
    public var root: String?
    public var logLevel: Int32?
    /// Relative to the work directory, else to the images'.
    public var logFile: String?
    public var configurationFile: String?
    public var leavesRunning: Bool?
    public var allowsExternalUnixSockets: Bool?
    public var keepsEstablishedTCP: Bool?
    public var skipsTCPInFlight: Bool?
    public var allowsDeviceChanges: Bool?
    public var isShellJob: Bool?
    public var handlesFileLocks: Bool?
    public var remapsLinks: Bool?
    public var tellsProgress: Bool?
    public var parentImages: String?
    public var tracksMemory: Bool?
    public var removesDuplicates: Bool?
    public var pageServer: PageServer?
    public var servesPagesLazily: Bool?
    public var statusDescriptor: Int32?
    public var cgroupsMode: CgroupsMode?
    public var cgroupRoots: [CgroupRoot] = []
    /// A cgroup whose freezer stops the processes, instead of ptrace(2).
    public var freezerCgroup: String?
    public var externalMounts: [ExternalMount] = []
    /// `KIND[ID]:KEY`.
    public var externals: [String] = []
    /// `CLONE_NEW…` bits of namespaces whose content is not kept.
    public var emptyNamespaces: UInt32?
    public var joinedNamespaces: [JoinedNamespace] = []
    public var inherited: [InheritedDescriptor] = []
    /// The restored processes are made as children of whoever started CRIU.
    public var restoresSibling: Bool?
    /// The master of a terminal that nobody holds any more comes with a notification.
    public var sendsTerminalMaster: Bool?
    public var securityProfile: String?
    public var securityMountContext: String?

    public init(imagesDirectory: Int32) { self.imagesDirectory = imagesDirectory }
}

extension CriuOptions: WireMessage {
    func write(to writer: inout WireWriter) {
        writeFiles(to: &writer)
        writeTree(to: &writer)
        writeMemory(to: &writer)
        writeNamespaces(to: &writer)
    }

    private func writeFiles(to writer: inout WireWriter) {
        writer.write(imagesDirectory, as: 1)
        writer.write(logLevel, as: 9)
        writer.write(logFile, as: 10)
        writer.write(workDirectory, as: 17)
        writer.write(statusDescriptor, as: 49)
        writer.write(configurationFile, as: 51)
    }

    private func writeTree(to writer: inout WireWriter) {
        writer.write(pid, as: 2)
        writer.write(leavesRunning, as: 3)
        writer.write(allowsExternalUnixSockets, as: 4)
        writer.write(keepsEstablishedTCP, as: 5)
        writer.write(allowsDeviceChanges, as: 6)
        writer.write(isShellJob, as: 7)
        writer.write(handlesFileLocks, as: 8)
        writer.write(tellsProgress, as: 12)
        writer.write(remapsLinks, as: 18)
        writer.write(restoresSibling, as: 26)
        writer.write(inherited, as: 27)
        writer.write(skipsTCPInFlight, as: 46)
        writer.write(sendsTerminalMaster, as: 50)
        writer.write(securityProfile, as: 53)
        writer.write(securityMountContext, as: 63)
    }

    private func writeMemory(to writer: inout WireWriter) {
        writer.write(pageServer, as: 11)
        writer.write(parentImages, as: 14)
        writer.write(tracksMemory, as: 15)
        writer.write(removesDuplicates, as: 16)
        writer.write(servesPagesLazily, as: 48)
    }

    private func writeNamespaces(to writer: inout WireWriter) {
        writer.write(root, as: 13)
        writer.write(externalMounts, as: 23)
        // Before there were modes there was a switch: without it an older CRIU ignores the mode.
        writer.write(cgroupsMode == nil ? nil : true, as: 24)
        writer.write(cgroupRoots, as: 25)
        writer.write(cgroupsMode?.rawValue, as: 34)
        writer.write(externals, as: 37)
        writer.write(emptyNamespaces, as: 38)
        writer.write(joinedNamespaces, as: 39)
        writer.write(freezerCgroup, as: 44)
    }
}
