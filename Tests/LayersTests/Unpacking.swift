import Harness
import LinuxKernel

@testable import Layers

/// A directory, as a test sees it, that archives are unpacked into: unprivileged, with user attributes.
struct UnpackedTree {
    let scratch: Scratch
    let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch("layer")
        try Descriptor.workingDirectory.makeDirectory(path, mode: 0o755)
    }

    @discardableResult
    func unpack(
        _ archive: [UInt8], whiteouts: WhiteoutForm = .overlay(userAttributes: true),
        limits: LayerLimits = LayerLimits(), appliesOwners: Bool = false
    ) throws -> UnpackedLayer {
        let file = try readable(archive)
        let directory = try Descriptor.workingDirectory.open(path, [.directory])
        let unpacker = LayerUnpacker(whiteouts: whiteouts, limits: limits, appliesOwners: appliesOwners)
        return try unpacker.unpack(from: file.descriptor, into: directory.descriptor)
    }

    @discardableResult
    func unpack(
        whiteouts: WhiteoutForm = .overlay(userAttributes: true), appliesOwners: Bool = false,
        _ build: (inout TarBuilder) -> Void
    ) throws -> UnpackedLayer {
        var tar = TarBuilder()
        build(&tar)
        return try unpack(tar.archive, whiteouts: whiteouts, appliesOwners: appliesOwners)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func status(_ name: String) throws -> FileStatus {
        try Descriptor.workingDirectory.status(of: self(name), followingLinks: false)
    }

    func exists(_ name: String) -> Bool { (try? status(name)) != nil }

    func text(_ name: String) throws -> String {
        String(decoding: try Descriptor.workingDirectory.readFile(self(name)), as: UTF8.self)
    }

    func isWhiteout(_ name: String) throws -> Bool { try status(name).isWhiteout }

    func isOpaque(_ name: String) throws -> Bool {
        let attribute = FileName(bytes: Array("user.overlay.opaque".utf8))!  // No NUL in it.
        let place = FileName(bytes: Array(self(name).utf8))!
        return try Descriptor.workingDirectory.attribute(attribute, of: place) == Array("y".utf8)
    }

    /// Everything outside of the layer that a test could have changed.
    func outside() throws -> [String] { try scratch.names("") }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
