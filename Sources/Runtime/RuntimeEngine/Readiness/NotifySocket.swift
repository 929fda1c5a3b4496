internal import LinuxKernel
internal import RuntimeSpec

/// `NOTIFY_SOCKET` of whoever calls the runtime, sd_notify(3): the container has a socket of its own in place of it, and
/// ``ReadinessRelay`` tells on what is said there.
struct NotifySocket: Hashable {
    /// Where the caller's service manager listens.
    let manager: String
    private static let variable = "NOTIFY_SOCKET"
    private static let directory = "/run/notify"
    private static let name = "notify.sock"

    /// Of this process; nil when nobody wants to hear.
    static var ofCaller: NotifySocket? {
        guard let manager = ThisProcess.variable(variable), !manager.isEmpty else { return nil }
        return NotifySocket(manager: manager)
    }

    /// Where runc has it, too: a folder that is read-only in the container, beside its state.
    func add(to configuration: inout RuntimeConfiguration, state: String) {
        let mount = Mount(
            destination: Self.directory, type: "bind", source: state + "/" + StateFile.notify,
            options: ["bind", "nosuid", "noexec", "nodev", "ro"])
        configuration.mounts = (configuration.mounts ?? []) + [mount]
        let entry = "\(Self.variable)=\(Self.directory)/\(Self.name)"
        let environment = configuration.process?.env ?? []
        configuration.process?.env = environment + [entry]
    }

    /// Makes the socket that the container's program tells of its readiness. Nil of a container that was made without
    /// `NOTIFY_SOCKET`, and when nobody listens there: as with runc, that does not keep a container from running.
    func listen(in state: StateDirectory, _ log: RuntimeLog) -> ReadinessRelay? {
        do throws(SystemError) {
            guard try state.descriptor.exists(StateFile.notify) else { return nil }
            let manager = try UnixSocket.connectDatagrams(to: manager)
            let path = "\(state.path)/\(StateFile.notify)/\(Self.name)"
            let listener = try UnixSocket.bindDatagrams(at: path)
            // The program may be any user.
            try Descriptor.workingDirectory.changeMode(of: path, to: 0o777)
            return ReadinessRelay(listener, manager: manager)
        } catch {
            log.warn("\(Self.variable): \(error): nobody will hear that the container is ready")
            return nil
        }
    }
}
