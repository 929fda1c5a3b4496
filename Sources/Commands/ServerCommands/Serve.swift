internal import CommandKit
internal import Engine
internal import LineAPI
internal import LineConnections
internal import LineProtocol
internal import LinuxKernel
internal import Logging

/// Runs a supervisor until it is told to end.
struct Serve: Sendable {
    let paths: ServerPaths
    let registries: RegistryConfiguration
    let log: Logger

    /// Containers are not ended with it: their shims hold them, and the next supervisor finds them.
    func run() async throws {
        try checkUser()
        try checkPrograms()
        let loop = try EventLoop()
        let signals = try Signals()
        try Descriptor.workingDirectory.makeDirectories(directory(of: paths.socket), mode: 0o700)
        let socket = try ListeningSocket(at: paths.socket)
        let engine = try await Engine.open(
            EngineConfiguration(
                root: paths.root, state: paths.state, shim: paths.shim, runtime: paths.runtime,
                version: ServerVersion.current, registries: registries), loop: loop, log: log)
        let log = log
        let server = LineServer(
            on: loop, socket: socket, service: LineAPI(engine),
            greeting: LineAPI.greeting(version: ServerVersion.current)
        ) { log.warning("\($0)") }
        try await server.start()
        log.notice("wherryd \(ServerVersion.current) answers on \(paths.socket)")
        let signal = try await signals.next(on: loop)
        log.notice("signal \(signal): no more clients are taken; containers go on")
        await server.stop()
    }

    private func checkUser() throws(CommandFailure) {
        let user = ThisProcess.effectiveUser
        guard user == 0 else {
            throw CommandFailure(
                "cannot run as user \(user), rootless containers are not supported yet: start it as root")
        }
    }

    private func checkPrograms() throws(CommandFailure) {
        for (program, flag) in [(paths.shim, "--shim"), (paths.runtime, "--runtime")] {
            guard (try? Descriptor.workingDirectory.status(of: program).mode & 0o111 != 0) == true else {
                throw CommandFailure("\(program) is not there or not executable: name the program with \(flag)")
            }
        }
    }

    private func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

/// The signals that end the program, as a descriptor.
final class Signals: Sendable {
    private let pipe: SignalPipe

    init() throws(SystemError) {
        ignoreSignal(Signal.pipe)
        pipe = try SignalPipe([Signal.terminate, Signal.interrupt, Signal.hangUp])
    }

    func next(on loop: EventLoop) async throws(SystemError) -> Int32 {
        while true {
            if let signal = try pipe.next() { return signal }
            try await loop.waitUntilReadable(pipe.descriptor.descriptor)
        }
    }
}
