internal import Cgroups
internal import CheckpointRestore
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// One dump of a container that runs.
final class ContainerDump {
    private let container: FoundContainer
    private let options: CheckpointOptions
    private let program: CriuProgram
    private let configuration: RuntimeConfiguration
    private let plan: SetupPlan
    private let directories: ImageDirectories

    init(_ container: FoundContainer, _ options: CheckpointOptions) throws(RuntimeError) {
        self.container = container
        self.options = options
        directories = try ImageDirectories(options.images, log: "dump.log", isMaking: true)
        try directories.checkParent(options.parent)
        program = try withCriu(CriuProgram.init)
        configuration = try container.directory.configuration()
        do {
            plan = try SetupPlan(
                configuration,
                PlanCircumstances(
                    id: container.stored.id, bundle: container.stored.bundle,
                    capabilities: ThisProcess.permittedCapabilities))
        } catch { throw RuntimeError(error) }
    }

    /// `warn` is called with what CRIU's log tells of a failure.
    func perform(_ warn: (String) -> Void) throws(RuntimeError) {
        if options.isPreDump { try require(CriuFeatures(tracksMemory: true)) }
        if options.images.servesPagesLazily {
            try require(CriuFeatures(servesPagesLazily: true))
            try checkStatusDescriptor()
        }
        let request = options.isPreDump ? CriuRequest.preDump(try common()) : .dump(try whole())
        do throws(CriuError) { try perform(request) } catch {
            directories.quoteLog(warn)
            throw directories.failure(error)
        }
    }

    private func require(_ features: CriuFeatures) throws(RuntimeError) {
        try withCriu { () throws(CriuError) in try program.require(features) }
    }

    // MARK: What is asked

    private func common() throws(RuntimeError) -> CriuOptions {
        guard let pid = container.process?.pid else {
            throw RuntimeError(.wrongState, "container \"\(container.stored.id)\" has stopped")
        }
        var criu = directories.criuOptions(configuration)
        criu.apply(options.images)
        criu.pid = pid
        criu.root = container.stored.rootfs
        criu.leavesRunning = options.leavesRunning
        criu.skipsTCPInFlight = options.skipsTCPInFlight
        criu.remapsLinks = options.remapsLinks
        criu.pageServer = options.pageServer
        criu.parentImages = options.parent
        criu.tracksMemory = options.parent == nil ? nil : true
        criu.freezerCgroup = freezer
        criu.externals = try ExternalNamespaces.dumped(plan.namespaces, program)
        if !tellsReadiness { criu.statusDescriptor = options.statusDescriptor }
        return criu
    }

    private func whole() throws(RuntimeError) -> CriuOptions {
        var criu = try common()
        criu.externalMounts = try externalMounts()
        try directories.write(streams: container.stored.streams ?? [])
        return criu
    }

    private func externalMounts() throws(RuntimeError) -> [ExternalMount] {
        let path = "/proc/\(container.process?.pid ?? 0)/root"
        let root = try performing("cannot look into the container") { () throws(SystemError) in
            try Descriptor.workingDirectory.open(path, [.path, .directory])
        }
        return try ExternalMounts(
            plan: plan, tree: RootTree(root: root.descriptor), cgroups: CgroupSources.mounts(plan, container.cgroups)
        ).dumped()
    }

    /// The freezer of the unified hierarchy CRIU knows since 3.14; otherwise it stops the processes by ptrace(2).
    private var freezer: String? {
        let paths = container.stored.cgroups
        if let path = paths["freezer"] { return path }
        return program.version >= CriuVersion(3, 14) ? paths[""] : nil
    }

    // MARK: --status-fd

    /// Since 3.15 CRIU notifies us; before, it writes into the descriptor.
    private var tellsReadiness: Bool { program.version >= CriuVersion(3, 15) }

    private func checkStatusDescriptor() throws(RuntimeError) {
        guard let number = options.statusDescriptor else { return }
        let isWritable: Bool
        do { isWritable = try Descriptor(number: number).isOpenForWriting() } catch {
            throw RuntimeError(.invalidConfiguration, "invalid --status-fd argument \(number): \(error.errno)")
        }
        guard isWritable else {
            throw RuntimeError(.invalidConfiguration, "invalid --status-fd argument \(number): not writable")
        }
    }

    private func perform(_ request: CriuRequest) throws(CriuError) {
        let status = options.statusDescriptor.map { Descriptor(number: $0) }
        try program.converse { conversation throws(CriuError) in
            try conversation.perform(
                request,
                // An older CRIU has taken it by now; whoever reads must not wait for us.
                heard: { if !tellsReadiness { status?.close() } },
                notified: { notification, descriptors throws(CriuError) in
                    for descriptor in descriptors { descriptor.close() }
                    guard notification.moment == .statusReady, let status else { return }
                    try? status.writeAll([0])
                    status.close()
                }, failed: { $0 })
        }
    }
}
