internal import LinuxKernel
internal import SetupPlan

/// `process.terminal`.
extension SetupInterpreter {
    /// A terminal of the container's own devpts becomes the standard streams and the controlling terminal; the master
    /// goes to the runtime.
    func openTerminal(_ size: TerminalSize?, mountsConsole: Bool) throws(RuntimeError) {
        try performing("process.terminal: cannot open a terminal") { () throws(SystemError) in
            let terminal = try Pseudoterminal(adopting: try openMultiplexer())
            if let size { try terminal.master.descriptor.setTerminalSize(size) }
            let peer = try terminal.openPeer()
            if mountsConsole { try mountConsole(peer.descriptor) }
            surroundings.channel.send(.terminal(terminal.master.descriptor))
            for number in 0...2 { try peer.descriptor.install(as: CInt(number)) }
            try Descriptor.standardInput.becomeControllingTerminal()
        }
    }

    /// Looked at before it is opened: an image may have anything there (console-swap).
    private func openMultiplexer() throws(SystemError) -> OwnedDescriptor {
        guard let files = surroundings.processFilesystem else { throw SystemError(.noEntry, "open", "/proc") }
        let place = try tree.open("/dev/pts/ptmx")
        let status = try place.descriptor.status()
        let isMultiplexer =
            status.kind == .characterDevice && status.deviceMajor == 5 && status.deviceMinor == 2
        guard isMultiplexer, try place.descriptor.filesystemType() == FilesystemType.devpts else {
            throw SystemError(.noDeviceOrAddress, "open", "/dev/pts/ptmx (mounts needs a devpts at /dev/pts)")
        }
        return try files.reopen(place.descriptor)
    }

    /// By descriptors on both sides: nothing that is swapped meanwhile can come between (console-swap).
    private func mountConsole(_ peer: Descriptor) throws(SystemError) {
        let place = try tree.place("/dev/console", making: .regular)
        try peer.bindMount(on: place.descriptor)
    }
}
