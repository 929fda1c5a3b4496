internal import CommandKit
internal import LineProtocol
internal import LinuxKernel

/// What `run` and `create` have in common: a container made, and its ID told where it was asked for.
struct CreatedContainer {
    let id: String

    init(_ specification: ContainerSpecification, _ options: ContainerOptions, _ client: Client) throws {
        let cidfile = options.cidfile
        if let cidfile { try Self.refuseExisting(cidfile) }
        let answer = try options.pulling.with(specification.image, client) {
            try client.call(ContainerCreate.self, specification)
        }
        for warning in answer.warnings { client.warn("WARNING: \(warning)") }
        id = answer.id
        if let cidfile { try Self.write(id, to: cidfile) }
    }

    private static func refuseExisting(_ file: String) throws {
        if try Descriptor.workingDirectory.exists(file) {
            throw refusal("the file \(file) for the container's ID exists: remove it if no other container uses it")
        }
    }

    private static func write(_ id: String, to file: String) throws {
        do {
            let opened = try Descriptor.workingDirectory.open(file, [.writeOnly, .create, .exclusive], mode: 0o666)
            try opened.descriptor.writeAll(id)
            try opened.close()
        } catch { throw refusal("cannot write the container's ID to \(file): \(error.errno)") }
    }
}
