internal import ArgumentParser
internal import CommandKit
internal import LineProtocol

struct Info: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print the supervisor's state, and its machine's.")

    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?

    func execute(_ client: Client) throws -> Int32 {
        let template = try format.flatMap { $0 == "json" ? "{{json .}}" : $0 }.map { try Template($0) }
        let info = try client.call(SystemInfo.self, Nothing())
        if let template {
            try client.print(try template.render(Self.json(info)))
        } else {
            try client.print(Self.text(info), terminator: "")
        }
        return ExitCodes.success
    }

    /// docker's names, where docker has the thing.
    private static func json(_ info: SystemInfo.Result) -> JSONValue {
        .object([
            .init("Containers", .integer(Int64(info.containers))),
            .init("ContainersRunning", .integer(Int64(info.running))),
            .init("ContainersPaused", .integer(Int64(info.paused))),
            .init("ContainersStopped", .integer(Int64(info.stopped))),
            .init("Images", .integer(Int64(info.images))),
            .init("Driver", .string(info.snapshotter)),
            .init("ServerVersion", .string(info.version)),
            .init("DefaultRuntime", .string(info.runtime)),
            .init("CgroupVersion", .string(info.cgroups)),
            .init("KernelVersion", .string(info.kernel)),
            .init("OperatingSystem", .string(info.operatingSystem)),
            .init("OSType", .string("linux")),
            .init("Architecture", .string(info.architecture)),
            .init("NCPU", .integer(Int64(info.processors))),
            .init("MemTotal", .integer(info.memory)),
            .init("Name", .string(info.hostname)),
            .init("DockerRootDir", .string(info.root)),
            .init("StateDir", .string(info.state)),
            .init("Rootless", .bool(info.rootless)),
        ])
    }

    private static func text(_ info: SystemInfo.Result) -> String {
        let lines = [
            "Client:", " Version: \(ClientVersion.current)", "",
            "Server:",
            " Containers: \(info.containers)", "  Running: \(info.running)", "  Paused: \(info.paused)",
            "  Stopped: \(info.stopped)", " Images: \(info.images)", " Server Version: \(info.version)",
            " Storage Driver: \(info.snapshotter)", " Cgroup Version: \(info.cgroups)",
            " Default Runtime: \(info.runtime)", " Kernel Version: \(info.kernel)",
            " Operating System: \(info.operatingSystem)", " OSType: linux", " Architecture: \(info.architecture)",
            " CPUs: \(info.processors)", " Total Memory: \(HumanSize.binary(info.memory))", " Name: \(info.hostname)",
            " Wherry Root Dir: \(info.root)", " Wherry State Dir: \(info.state)", " Rootless: \(info.rootless)",
        ]
        return lines.map { $0 + "\n" }.joined()
    }
}
