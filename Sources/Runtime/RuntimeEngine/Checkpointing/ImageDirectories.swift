internal import CheckpointRestore
internal import LinuxKernel
internal import RuntimeSpec

/// The directories that CRIU reads and writes, open; and its log in one of them.
final class ImageDirectories {
    private let images: OwnedDescriptor
    private let work: OwnedDescriptor?
    /// Of `work`.
    private let workNumber: Int32?
    private let logName: String
    /// As the user knows it.
    let logPath: String

    /// `isMaking`: those that are missing are made; the images' own may lie deeper.
    init(_ options: ImageOptions, log: String, isMaking: Bool) throws(RuntimeError) {
        if isMaking { try Self.make(options) }
        images = try Self.open(options.images)
        if let path = options.work {
            try Self.makeOne(path)
            let opened = try Self.open(path)
            workNumber = opened.number
            work = consume opened
        } else {
            workNumber = nil
            work = nil
        }
        logName = log
        logPath = (options.work ?? options.images) + "/" + log
    }

    /// Memory of the container's is not everybody's to read.
    private static func make(_ options: ImageOptions) throws(RuntimeError) {
        try performing("--image-path") { () throws(SystemError) in
            try Descriptor.workingDirectory.makeDirectories(options.images, mode: 0o700)
        }
    }

    private static func makeOne(_ path: String) throws(RuntimeError) {
        try performing("--work-path") { () throws(SystemError) in
            do throws(SystemError) { try Descriptor.workingDirectory.makeDirectory(path, mode: 0o700) } catch {
                if error.errno != .exists { throw error }
            }
        }
    }

    private static func open(_ path: String) throws(RuntimeError) -> OwnedDescriptor {
        do { return try Descriptor.workingDirectory.open(path, [.directory]) } catch {
            throw RuntimeError("cannot open the directory \(path)", error)
        }
    }

    /// A previous image must be there before CRIU looks for it: it would only tell its log.
    func checkParent(_ parent: String?) throws(RuntimeError) {
        guard let parent else { return }
        if parent.hasPrefix("/") { throw RuntimeError(.invalidConfiguration, "--parent-path must be relative") }
        do {
            _ = try images.descriptor.open(parent, [.path, .directory])
        } catch { throw RuntimeError(.invalidConfiguration, "invalid --parent-path: \(error)") }
    }

    /// What both requests say of files.
    func criuOptions(_ configuration: RuntimeConfiguration) -> CriuOptions {
        var options = CriuOptions(imagesDirectory: images.number)
        options.workDirectory = workNumber
        options.logLevel = 4
        options.logFile = logName
        options.configurationFile = Self.configurationFile(configuration.annotations ?? [:])
        options.tellsProgress = true
        options.sendsTerminalMaster = true
        // Network devices are for who made them to save: CLONE_NEWNET.
        options.emptyNamespaces = UInt32(NamespaceKinds.network.rawValue)
        return options
    }

    /// The annotation of a container names its own file, or none if it is empty. What stands in the file has precedence.
    private static func configurationFile(_ annotations: [String: String]) -> String? {
        guard let own = annotations["org.criu.config"] else { return "/etc/criu/runc.conf" }
        return own.isEmpty ? nil : own
    }

    /// The same directories as `process` sees them, for a process in a mount namespace of its own: only there can it
    /// mount below them. They stay open.
    func seen(by process: Int32) throws(RuntimeError) -> (images: Descriptor, work: Descriptor?) {
        try performing("cannot show the images to criu") { () throws(SystemError) in
            let seen = try Self.seen(images.descriptor, by: process)
            return (
                seen,
                try workNumber.map { number throws(SystemError) in
                    try Self.seen(Descriptor(number: number), by: process)
                }
            )
        }
    }

    private static func seen(_ directory: Descriptor, by process: Int32) throws(SystemError) -> Descriptor {
        // Without symbolic links, which would lead back to our own mounts.
        let path = try Descriptor.workingDirectory.readSymbolicLink(directory.procPath)
        return try Descriptor.workingDirectory.open("/proc/\(process)/root" + path, [.directory]).release()
    }

    // MARK: descriptors.json

    private static let streamsFile = "descriptors.json"

    func write(streams: [String]) throws(RuntimeError) {
        try performing("cannot write the image") { () throws(SystemError) in
            let file = try images.descriptor.open(
                Self.streamsFile, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
            try file.descriptor.writeAll(JSONValue.array(streams.map(JSONValue.string)).line)
            try file.close()
        }
    }

    func readStreams() throws(RuntimeError) -> [String] {
        let bytes = try performing("cannot read the image") { () throws(SystemError) in
            try images.descriptor.readFile(Self.streamsFile, limit: maximumDocumentSize)
        }
        do { return try [String](parsing: bytes) } catch {
            throw RuntimeError(.invalidConfiguration, "\(Self.streamsFile): \(error)")
        }
    }

    // MARK: The log

    /// Tells what CRIU's log says of errors.
    func quoteLog(_ warn: (String) -> Void) {
        guard let bytes = try? Descriptor.workingDirectory.readFile(logPath) else { return }
        let lines = CriuLog.excerpt(String(decoding: bytes, as: UTF8.self))
        guard !lines.isEmpty else { return }
        warn("--- Quoting \"\(logPath)\"")
        for line in lines { warn(line) }
        warn("---")
    }

    /// A failure of CRIU's, with the place of its log.
    func failure(_ error: CriuError) -> RuntimeError {
        guard error.kind == .refused else { return RuntimeError(error) }
        return RuntimeError(.system, "\(error): see \(logPath)")
    }
}

extension CriuOptions {
    /// What the command line says of both.
    mutating func apply(_ options: ImageOptions) {
        keepsEstablishedTCP = options.keepsEstablishedTCP
        allowsExternalUnixSockets = options.allowsExternalUnixSockets
        isShellJob = options.isShellJob
        handlesFileLocks = options.handlesFileLocks
        removesDuplicates = options.removesDuplicates
        servesPagesLazily = options.servesPagesLazily
        cgroupsMode = options.cgroupsMode
    }
}

/// The standard streams of a container's first process, as procfs names them: `pipe:[1234]`.
enum StandardStreams {
    /// Those of this process, which the container's inherits.
    static var names: [String] {
        (0...2).map { number in
            (try? Descriptor.workingDirectory.readSymbolicLink("/proc/self/fd/\(number)")) ?? ""
        }
    }

    /// What was a pipe becomes the pipe of whoever restores the container, who has it under the same number.
    static func inherited(_ names: [String]) -> [InheritedDescriptor] {
        names.enumerated().filter { $0.element.contains("pipe:") }.map { number, name in
            InheritedDescriptor(key: name, number: Int32(number))
        }
    }
}

extension RuntimeError {
    init(_ error: CriuError) {
        self.init(error.kind == .unavailable ? .notSupported : .system, error.description)
    }
}

func withCriu<Result>(_ body: () throws(CriuError) -> Result) throws(RuntimeError) -> Result {
    do { return try body() } catch { throw RuntimeError(error) }
}
