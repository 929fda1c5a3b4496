internal import LinuxKernel
internal import SetupPlan

/// Nodes and links below `/dev`.
extension SetupInterpreter {
    func makeDevice(_ node: DeviceNode) throws(RuntimeError) {
        try performing("cannot make device \(node.path)") { () throws(SystemError) in
            if node.bindsFromHost { return try bindDevice(node) }
            let directory = try tree.parent(of: node.path)
            let name = RootTree.name(of: node.path)
            do throws(SystemError) {
                try directory.descriptor.makeNode(
                    name, kind: node.kind, mode: 0, major: node.major, minor: node.minor)
            } catch {
                guard error.errno == .exists else {
                    if error.errno == .notPermitted { return try bindDevice(node) }
                    throw error
                }
                return try check(name, in: directory.descriptor, node)
            }
            try directory.descriptor.changeOwner(of: name, to: node.owner, group: node.group)
            try directory.descriptor.changeMode(of: name, to: node.mode)
        }
    }

    /// Something is there already: it must be that device. Its owner and mode stay: a mount may have put it there, and
    /// then they are those of the host's node.
    private func check(_ name: String, in directory: Descriptor, _ node: DeviceNode) throws(SystemError) {
        let status = try directory.status(of: name, followingLinks: false)
        let isSame =
            status.kind == node.kind
            && (node.kind == .fifo || (status.deviceMajor, status.deviceMinor) == (node.major, node.minor))
        guard isSame else { throw SystemError(.exists, "mknod", node.path) }
    }

    /// A user namespace may not make nodes: the host's own of that name, if it is the device that is meant.
    private func bindDevice(_ node: DeviceNode) throws(SystemError) {
        let device = try Descriptor.workingDirectory.open(node.path, .path)
        let status = try device.descriptor.status()
        guard status.kind == node.kind, (status.deviceMajor, status.deviceMinor) == (node.major, node.minor) else {
            throw SystemError(.noDeviceOrAddress, "bind", node.path)
        }
        let place = try tree.place(node.path, making: .regular)
        try device.descriptor.bindMount(on: place.descriptor)
    }

    func makeLink(_ path: String, _ target: String, _ manner: LinkManner) throws(RuntimeError) {
        try performing("cannot make link \(path)") { () throws(SystemError) in
            if manner == .withTarget, try tree.find(target) == nil { return }
            let directory = try tree.parent(of: path)
            let name = RootTree.name(of: path)
            do throws(SystemError) { try directory.descriptor.makeSymbolicLink(name, to: target) } catch {
                guard error.errno == .exists else { throw error }
                guard manner == .replacing, (try? directory.descriptor.readSymbolicLink(name)) != target else { return }
                try directory.descriptor.removeFile(name)
                try directory.descriptor.makeSymbolicLink(name, to: target)
            }
        }
    }
}

/// Standard streams that are `/dev/null`.
extension SetupInterpreter {
    /// A checkpoint takes no files of mounts that the container does not have. Where its `/dev/null` is something else,
    /// or not there, the stream stays the host's.
    func reopenNullStreams() {
        for stream in [Descriptor.standardInput, .standardOutput, .standardError] where isNullDevice(stream) {
            guard let own = try? tree.open("/dev/null", [.readWrite, .nonBlocking]), isNullDevice(own.descriptor)
            else { return }
            try? own.descriptor.setNonBlocking(false)
            try? own.descriptor.install(as: stream.number)
        }
    }

    private func isNullDevice(_ descriptor: Descriptor) -> Bool { (try? descriptor.status().isNullDevice) == true }
}

extension FileStatus {
    var isNullDevice: Bool { kind == .characterDevice && (deviceMajor, deviceMinor) == (1, 3) }
}
