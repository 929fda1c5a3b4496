internal import LinuxKernel

/// Fills the volume at `volume`, if it is empty, with what the root filesystem `root` has at `target`.
///
/// The image may be hostile (volume-copy-up): `target` is resolved inside `root`, and below it each name is opened in
/// the directory that holds it, never through a symbolic link. Links are copied as links. So nothing outside `root`
/// is ever read, and nothing outside `volume` written.
func copyUp(_ target: String, of root: Descriptor, into volume: String) throws(SystemError) {
    let destination = try Descriptor.workingDirectory.open(volume, [.directory, .noFollow])
    guard try destination.descriptor.names().isEmpty else { return }
    let source: OwnedDescriptor
    do {
        source = try root.open(target, [.directory], resolving: [.inRoot, .noMagicLinks])
    } catch  where [.noEntry, .notDirectory].contains(error.errno) {
        return
    }
    try copyContents(of: source.descriptor, into: destination.descriptor)
    try copyAttributes(of: source.descriptor, to: destination.descriptor)
}

private func copyContents(of source: Descriptor, into destination: Descriptor) throws(SystemError) {
    for (name, _) in try source.names() { try copy(name, from: source, into: destination) }
}

private func copy(_ name: FileName, from source: Descriptor, into destination: Descriptor) throws(SystemError) {
    let status = try source.status(of: name)
    switch status.kind {
    case .directory:
        try destination.makeDirectory(name, mode: 0o700)
        let inner = try source.open(name, [.directory, .noFollow])
        let outer = try destination.open(name, [.directory, .noFollow])
        try copyContents(of: inner.descriptor, into: outer.descriptor)
        try copyAttributes(of: inner.descriptor, to: outer.descriptor)
        return
    case .regular:
        return try copyFile(name, from: source, into: destination)
    case .symbolicLink:
        try destination.makeSymbolicLink(name, to: try source.readSymbolicLink(name))
        try destination.changeOwner(of: name, to: status.owner, group: status.group)
    case .fifo, .socket, .characterDevice, .blockDevice:
        try destination.makeNode(
            name, kind: status.kind, mode: 0o600, major: status.deviceMajor, minor: status.deviceMinor)
        try destination.changeOwner(of: name, to: status.owner, group: status.group)
        // Not a link, made a moment ago in a directory that no container sees yet.
        try destination.changeMode(of: name, to: status.mode)
    }
    try destination.setTimes(of: name, seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
}

private func copyFile(_ name: FileName, from source: Descriptor, into destination: Descriptor) throws(SystemError) {
    let inner = try source.open(name, [.readOnly, .noFollow, .nonBlocking])
    let outer = try destination.open(name, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
    while true {
        let bytes = try inner.descriptor.read(upTo: 256 << 10)
        if bytes.isEmpty { break }
        try outer.descriptor.writeAll(bytes)
    }
    for attribute in try source.attributes(of: name) {
        if let value = try source.attribute(attribute, of: name) {
            try outer.descriptor.setAttribute(attribute, to: value)
        }
    }
    try copyAttributes(of: inner.descriptor, to: outer.descriptor)
}

/// Owner, mode and times; the owner first, since a change of it clears set-user-ID.
private func copyAttributes(of source: Descriptor, to destination: Descriptor) throws(SystemError) {
    let status = try source.status()
    try destination.changeOwner(to: status.owner, group: status.group)
    try destination.changeMode(to: status.mode)
    try destination.setTimes(seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
}
