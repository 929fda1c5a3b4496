internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// Who the process is and what it may do.
extension SetupInterpreter {
    /// What we may not do ourselves, the runtime tries.
    func setLimits(_ limits: [ProcessLimit]) {
        for limit in limits {
            do { try limit.apply() } catch {
                surroundings.channel.send(.limits)
                return surroundings.channel.expect(.proceed)
            }
        }
    }

    func limitBoundingSet(to set: CapabilitySet) throws(RuntimeError) {
        try performing("process.capabilities.bounding") { () throws(SystemError) in
            for capability in 0...ThisProcess.lastCapability() {
                let isWanted = set.contains(CapabilitySet(rawValue: 1 << UInt64(capability)))
                if isWanted { continue }
                do throws(SystemError) { try ThisProcess.dropFromBoundingSet(capability) } catch {
                    // Without CAP_SETPCAP not even what is not there may be dropped.
                    if ThisProcess.isInBoundingSet(capability) { throw error }
                }
            }
        }
    }

    /// Groups first, since only root may change them; none of the runtime's stay (supplementary-groups).
    func changeUser(_ change: UserChange) throws(RuntimeError) {
        try performing("process.user") { () throws(SystemError) in
            try giveStreams(to: change.user)
            try ThisProcess.keepCapabilities(true)
            try setGroups(change.groups)
            try ThisProcess.setGroup(change.group)
            try ThisProcess.setUser(change.user)
            ThisProcess.setFileCreationMask(change.umask ?? callersMask)
        }
    }

    /// Who makes a user namespace without privileges may map his own group only, and the kernel then lets nobody in it
    /// change groups, who joins it neither: those of the maker's, which it does not map, stay.
    private func setGroups(_ groups: [UInt32]) throws(SystemError) {
        do { try ThisProcess.setGroups(groups) } catch {
            let mappings = plan.namespaces.gidMappings
            let isOwnOnly = mappings.count == 1 && mappings[0].size == 1
            let isJoined = plan.namespaces.joined.contains { $0.kind == .user }
            guard error.errno == .notPermitted, groups.isEmpty, isOwnOnly || isJoined else { throw error }
        }
    }

    /// `/dev/stdout` and its like are opened anew by programs: they must belong to whoever does.
    private func giveStreams(to user: UInt32) throws(SystemError) {
        for stream in [Descriptor.standardInput, .standardOutput, .standardError] {
            guard let status = try? stream.status(), status.owner != user else { continue }
            if status.isNullDevice { continue }
            // A stream whose owner cannot be changed, of another file system, stays as it is.
            try? stream.changeOwner(to: user, group: status.group)
        }
    }

    /// `HOME` from the container's passwd(5), unless it is set: as runc does.
    func setHome(of user: UInt32) {
        if let home = plan.program.variable("HOME"), !home.isEmpty { return }
        environment.removeAll { $0.hasPrefix("HOME=") }
        environment.append("HOME=" + (home(of: user) ?? "/"))
    }

    private func home(of user: UInt32) -> String? {
        guard let place = try? tree.open("/etc/passwd"), (try? place.descriptor.status().kind) == .regular,
            let file = try? tree.open("/etc/passwd", [.readOnly, .nonBlocking]),
            let bytes = try? file.descriptor.readAll(limit: 4 << 20)
        else { return nil }
        guard let home = PasswordFile(bytes).entry(of: user)?.home, !home.isEmpty else { return nil }
        return String(home)
    }

    /// Exactly the sets that the configuration names: nothing of the runtime's own stays (inheritable-caps).
    func setCapabilities(_ sets: ThreadCapabilities, _ ambient: CapabilitySet) throws(RuntimeError) {
        try performing("process.capabilities") { () throws(SystemError) in
            try ThisProcess.clearAmbientSet()
            try ThisProcess.setCapabilities(sets)
            for capability in ambient.numbers { try ThisProcess.raiseAmbient(capability) }
            try ThisProcess.keepCapabilities(false)
        }
        if let path = pendingDirectory { try enterWorkingDirectory(path, comesAgain: false) }
    }

    func installFilter() throws(RuntimeError) {
        guard let filter = surroundings.filter else { return }
        // The flags of seccomp(2) as they are passed: what readers of runc's log look for.
        surroundings.log.debug("seccomp filter flags: \(filter.flags.rawValue)")
        let listener = try performing("linux.seccomp") { () throws(SystemError) in try filter.load() }
        guard let listener else { return }
        // By its number: an agent may be asked about any other call than write(2) from here on, and needs it for that.
        surroundings.channel.send(.listening(listener.number))
        surroundings.channel.expect(.proceed)
    }
}
