internal import LinuxKernel

/// `tmpcopyup`: what a directory holds goes into the tmpfs that will cover it.
enum CopyUp {
    static func copy(from source: Descriptor, to target: Descriptor) throws(SystemError) {
        let readable = try source.open(".", [.directory])
        for (name, _) in try readable.descriptor.names() {
            try copy(name, from: readable.descriptor, to: target)
        }
    }

    private static func copy(_ name: FileName, from source: Descriptor, to target: Descriptor) throws(SystemError) {
        let status = try source.status(of: name)
        switch status.kind {
        case .directory:
            try target.makeDirectory(name, mode: 0o700)
            let from = try source.open(name, [.directory, .noFollow])
            let to = try target.open(name, [.directory, .noFollow])
            try copy(from: from.descriptor, to: to.descriptor)
        case .symbolicLink:
            try target.makeSymbolicLink(name, to: try source.readSymbolicLink(name))
        case .regular:
            let from = try source.open(name, [.noFollow])
            let to = try target.open(name, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
            try copyBytes(from: from.descriptor, to: to.descriptor)
        default:
            let (major, minor) = (status.deviceMajor, status.deviceMinor)
            try target.makeNode(name, kind: status.kind, mode: 0o600, major: major, minor: minor)
        }
        try target.changeOwner(of: name, to: status.owner, group: status.group)
        if status.kind != .symbolicLink { try target.changeMode(of: name, to: status.mode) }
    }

    private static func copyBytes(from: Descriptor, to: Descriptor) throws(SystemError) {
        while true {
            let part = try from.read(upTo: 1 << 20)
            if part.isEmpty { return }
            try to.writeAll(part)
        }
    }
}
