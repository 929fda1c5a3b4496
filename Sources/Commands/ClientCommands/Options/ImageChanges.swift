internal import ArgumentParser

/// What a new image is told besides its files.
struct ImageChanges: ParsableArguments {
    @Option(
        name: [.customShort("c", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Line of a Dockerfile that sets the image's configuration.", valueName: "instruction"))
    var change: [String] = []

    @Option(
        name: [.customShort("m", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Message for the image's history.", valueName: "text"))
    var message: String?
}
