internal import ArgumentParser

// docker's management commands: every command below the thing that it deals with. They are the same commands.

/// Such a group, which does nothing without one of its commands.
protocol CommandGroupHead: ParsableCommand {}

struct ContainerGroup: CommandGroupHead {
    static let configuration = CommandConfiguration(
        commandName: "container", abstract: "Manage containers.",
        subcommands: [
            Attach.self, Commit.self, Create.self, Diff.self, Exec.self, Export.self, ContainerInspectAlias.self,
            Kill.self, Logs.self, ContainerListAlias.self, Pause.self, PruneContainers.self, Rename.self, Restart.self,
            Rm.self, Run.self,
            Start.self, Stats.self, Stop.self, Top.self, Unpause.self, Update.self, Wait.self,
        ])
}

struct ContainerListAlias: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: Ps.configuration.abstract, aliases: ["list", "ps"])
    @OptionGroup var list: Ps
    func execute(_ client: Client) throws -> Int32 { try list.execute(client) }
}

struct ContainerInspectAlias: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Print everything about containers.")
    @OptionGroup var options: TypedInspectOptions
    func execute(_ client: Client) throws -> Int32 {
        try Inspection(kind: .container, format: options.format).run(options.names, client)
    }
}

struct ImageGroup: CommandGroupHead {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Manage images.",
        subcommands: [
            HistoryCommand.self, Import.self, ImageInspectAlias.self, Load.self, ImageListAlias.self,
            PruneImages.self, Pull.self, Push.self, ImageRemoveAlias.self, Save.self, Tag.self,
        ])
}

struct ImageListAlias: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: Images.configuration.abstract, aliases: ["list"])
    @OptionGroup var list: Images
    func execute(_ client: Client) throws -> Int32 { try list.execute(client) }
}

struct ImageRemoveAlias: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: Rmi.configuration.abstract, aliases: ["remove"])
    @OptionGroup var remove: Rmi
    func execute(_ client: Client) throws -> Int32 { try remove.execute(client) }
}

struct ImageInspectAlias: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Print everything about images.")
    @OptionGroup var options: TypedInspectOptions
    func execute(_ client: Client) throws -> Int32 {
        try Inspection(kind: .image, format: options.format).run(options.names, client)
    }
}

/// The options of an `inspect` that knows what it inspects.
struct TypedInspectOptions: ParsableArguments {
    @Option(
        name: [.customShort("f", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("json, or a template.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("Names or IDs.", valueName: "name"))
    var names: [String]
}

struct SystemGroup: CommandGroupHead {
    static let configuration = CommandConfiguration(
        commandName: "system", abstract: "Ask about the supervisor.", subcommands: [EventsCommand.self, Info.self])
}
