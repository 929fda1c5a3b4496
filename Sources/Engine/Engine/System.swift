internal import BlockingThreads
internal import LineConnections
public import LineProtocol
internal import LinuxKernel
internal import Snapshots

extension Engine {
    public func version() async -> SystemVersion.Result {
        let (configuration, machine) = (services.configuration, services.machine)
        let components = await services.threads.run {
            [configuration.runtime, configuration.shim].reduce(into: [:]) { versions, path in
                versions[path.split(separator: "/").last.map(String.init) ?? path] = ProgramVersion.ask(path)
            }
        }
        return SystemVersion.Result(
            version: configuration.version, protocolVersion: Hello.version, system: "linux",
            architecture: machine.docker, kernel: machine.kernel,
            components: components)
    }

    public func info() async -> SystemInfo.Result {
        let (configuration, machine) = (services.configuration, services.machine)
        let counts = await containers.counts()
        let total = counts.values.reduce(0, +)
        let (running, paused) = (counts[.running] ?? 0, counts[.paused] ?? 0)
        return SystemInfo.Result(
            containers: total, running: running, paused: paused, stopped: total - running - paused,
            images: await images.count, version: configuration.version, root: configuration.root,
            state: configuration.state, snapshotter: services.snapshots.name, cgroups: machine.cgroups.rawValue,
            kernel: machine.kernel, operatingSystem: machine.operatingSystem, architecture: machine.architecture,
            processors: machine.processors, memory: machine.memory, hostname: machine.hostname,
            runtime: configuration.runtime, rootless: ThisProcess.effectiveUser != 0)
    }
}

extension Machine {
    /// The architecture as docker and Go call it.
    var docker: String {
        switch architecture {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        default: architecture
        }
    }
}
