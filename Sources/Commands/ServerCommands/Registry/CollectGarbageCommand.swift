internal import ArgumentParser
internal import LinuxKernel
internal import Registry

/// `wherry-registry garbage-collect`: for a registry that nobody serves; a server collects by itself.
struct CollectGarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "garbage-collect",
        abstract: "Remove what no manifest refers to, from a registry that is not served.")

    @OptionGroup var place: RegistryPlace

    @Flag(help: "Remove manifests that have no tag, too.")
    var deleteUntagged = false

    func run() throws {
        let registry = try Registry(opening: place.root)
        // Nobody pushes meanwhile: the moment that counts is now. Uploads can still be resumed.
        let now = Timestamp.now
        let report = try registry.collect(
            CollectionRules(
                removesUntagged: deleteUntagged, olderThan: Timestamp(nanoseconds: now.nanoseconds + 1_000_000_000),
                uploadsOlderThan: CollectionRules.usual(removesUntagged: false).uploadsOlderThan))
        try Descriptor.standardOutput.writeAll("\(report)\n")
    }
}
