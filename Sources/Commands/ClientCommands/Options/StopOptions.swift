internal import ArgumentParser

/// How a container is ended: `stop` and `restart`.
struct StopOptions: ParsableArguments {
    @Option(
        name: [.customShort("t", allowingJoined: true), .long, .customLong("time")], parsing: .unconditional,
        help: ArgumentHelp("Seconds to wait before killing; -1: for ever.", valueName: "seconds"))
    var timeout: Int?

    @Option(
        name: [.customShort("s", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Signal to send first.", valueName: "signal"))
    var signal: String?
}
