internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// A child process as its maker holds it.
class HeldProcess {
    let handle: ProcessHandle
    var pid: Int32 { handle.pid }

    init(_ handle: consuming ProcessHandle) { self.handle = handle }
}

/// A process that will be the container's, waiting for its maker.
final class BornProcess: HeldProcess {
    let channel: RuntimeEnd

    init(_ handle: consuming ProcessHandle, _ channel: RuntimeEnd) {
        self.channel = channel
        super.init(handle)
    }

    /// Lets the process become its program. Throws what kept it from that.
    func begin() throws(RuntimeError) {
        try channel.send(.start)
        if let message = try channel.next() {
            throw RuntimeError(.system, "did not expect \(message.name) of the container's process")
        }
        channel.socket.close()
    }
}

/// Makes the process that becomes the container's program: a copy of ourselves in the namespaces it needs.
///
/// New namespaces come with clone3(2). Existing ones can only be entered by a process itself, and a pid namespace only
/// shows in its children: a throwaway child, the joiner, enters them and makes the process, as our child.
struct ProcessBirth {
    let plan: SetupPlan
    /// To make; none for a process that joins.
    let created: NamespaceKinds
    /// To enter, in this order: descriptors, and for a pidfd which of its namespaces.
    let joined: [(file: Descriptor, kinds: NamespaceKinds)]
    let timeOffsets: String
    let cgroup: CgroupEntry
    let entry: ProcessEntry

    private var needsJoiner: Bool { !joined.isEmpty || created.contains(.time) || cgroup.move != nil }

    /// `surroundings` still lacks its channel.
    func make(_ surroundings: (ContainerEnd) -> SetupSurroundings) throws(RuntimeError) -> BornProcess {
        let (ours, theirs) = try performing("cannot reach the container's process", UnixSocket.sequencedPair)
        defer { theirs.close() }
        let channel = RuntimeEnd(socket: ours)
        var surroundings = surroundings(ContainerEnd(socket: theirs))
        // Whoever has nothing to tell needs no file for it.
        if surroundings.log.tell == nil { surroundings.log = RuntimeLog() }
        // "nsexec container setup" is what readers of runc's log look for.
        surroundings.log.debug("nsexec container setup: making \(created), joining \(joined.map(\.kinds))")
        surroundings.log.debug("nsexec container setup: affinity: \(Self.affinity)")
        do throws(RuntimeError) {
            let handle =
                needsJoiner ? try makeThroughJoiner(surroundings, channel) : try makeDirectly(surroundings, channel)
            return BornProcess(handle, channel)
        } catch {
            ours.close()
            throw error
        }
    }

    /// The processors that the process begins on, which it has from us, as a number whose lowest bit is the first.
    private static var affinity: String {
        guard let mask = try? ThisProcess.affinity() else { return "unknown" }
        let digits = mask.reversed().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return "0x" + digits.drop { $0 == "0" }
    }

    private static func clone(_ request: CloneRequest, _ action: String) throws(RuntimeError) -> Cloned {
        do { return try ThisProcess.clone(request) } catch {
            // The cgroup's: children of it have controllers. In runc's words, which writes a process's number there.
            let isOfCgroup = request.cgroup != nil && error.errno == .busy
            throw RuntimeError(isOfCgroup ? "error adding pid 0 to cgroups" : action, error)
        }
    }

    private func makeDirectly(_ surroundings: SetupSurroundings, _ channel: RuntimeEnd) throws(RuntimeError)
        -> ProcessHandle
    {
        // A cgroup namespace shows the cgroup that its maker is in: the process makes it once it is there itself.
        let kinds = created.subtracting(entry.ownNamespaces.union(.cgroup))
        let request = CloneRequest(kinds, cgroup: cgroup.unified)
        switch try Self.clone(request, "cannot make namespaces") {
        case .parent(let handle): return handle
        case .child:
            channel.socket.close()
            ContainerProcess.run(plan, surroundings, entry: entry)
        }
    }

    private func makeThroughJoiner(_ surroundings: SetupSurroundings, _ channel: RuntimeEnd) throws(RuntimeError)
        -> ProcessHandle
    {
        switch try Self.clone(CloneRequest(cgroup: cgroup.unified), "cannot make a process") {
        case .parent(let joiner):
            defer { _ = try? joiner.wait() }
            if let move = cgroup.move {
                let pid = joiner.pid
                try withCgroups { () throws(CgroupError) in try move(pid) }
                try channel.send(.proceed)
            }
            let process: ProcessHandle
            do { process = try born(channel) } catch {
                _ = try? joiner.wait()
                // A failure of the process may be heard of before its birth, which the joiner has told of by now.
                let hasMore = try? channel.socket.wait(for: .readable, milliseconds: 0).isEmpty == false
                if hasMore == true, let failed = try? born(channel) {
                    try? failed.signal(Signal.kill)
                    _ = try? failed.wait()
                }
                throw error
            }
            // If it has been killed by now nobody hears this: that is found out, and it reaped, by whoever talks to it next.
            try? channel.send(.proceed)
            return process
        case .child:
            channel.socket.close()
            join(surroundings)
        }
    }

    private func born(_ channel: RuntimeEnd) throws(RuntimeError) -> ProcessHandle {
        let (pid, descriptor) = try channel.expect("born") { message -> (Int32, Descriptor)? in
            guard case .born(let pid, let descriptor) = message else { return nil }
            return (pid, descriptor)
        }
        return ProcessHandle(pid: pid, owning: OwnedDescriptor(owning: descriptor.number))
    }
}

// MARK: In the joiner

extension ProcessBirth {
    private func join(_ surroundings: SetupSurroundings) -> Never {
        do throws(RuntimeError) {
            try performing("cannot protect the process") { () throws(SystemError) in
                try ThisProcess.setDumpable(false)
                try ThisProcess.setParentDeathSignal(Signal.kill)
            }
            if cgroup.move != nil { surroundings.channel.expect(.proceed) }
            try entry.joinCgroups()
            try hideStreams(surroundings)
            try enterNamespaces()
            if beginsWithUsers { try makeUserNamespace() }
            try makeTimeNamespace()
            try closeOthers(surroundings)
            try makeSibling(surroundings)
        } catch { surroundings.channel.send(.failed(error)) }
        ThisProcess.leave(0)
    }

    /// A process that opens a terminal has no business with the runtime's own, which others could reach through it.
    private func hideStreams(_ surroundings: SetupSurroundings) throws(RuntimeError) {
        let tellsOnStream = surroundings.log.tell != nil && surroundings.log.file == nil
        guard plan.opensTerminal, !tellsOnStream else { return }
        try performing("cannot put /dev/null in the terminal's place") { () throws(SystemError) in
            let nothing = try Descriptor.workingDirectory.open("/dev/null", .readWrite)
            for number in 0...2 { try nothing.descriptor.install(as: CInt(number)) }
        }
    }

    /// From its birth on the process may be seen by those in the container's pid namespace. Being undumpable keeps out
    /// nobody who has `CAP_SYS_PTRACE` in the runtime's user namespace: there must be nothing to see (fd-leak-exec).
    private func closeOthers(_ surroundings: SetupSurroundings) throws(RuntimeError) {
        try performing("cannot close what the container is not to see") { () throws(SystemError) in
            try ThisProcess.closeDescriptors(
                from: 3 + CInt(surroundings.preservedDescriptors), except: surroundings.descriptors)
        }
    }

    /// What needs the privileges that are lost in a user namespace comes before it, what needs those that are won there
    /// after it.
    private func enterNamespaces() throws(RuntimeError) {
        let own = try directoryForCheck()
        var later: [(file: Descriptor, kinds: NamespaceKinds)] = []
        for namespace in joined where namespace.kinds != .user {
            do { try ThisProcess.join(namespace.file, namespace.kinds) } catch {
                guard error.errno == .notPermitted else { throw JoinedNamespaces.failure(namespace.kinds, error) }
                later.append(namespace)
            }
        }
        for namespace in joined.filter({ $0.kinds == .user }) + later {
            do { try ThisProcess.join(namespace.file, namespace.kinds) } catch {
                throw JoinedNamespaces.failure(namespace.kinds, error)
            }
        }
        if let own { try IDMaps.check(plan.namespaces, own) }
    }

    /// Our own in procfs, which may be another one later, if there are mappings to compare.
    private func directoryForCheck() throws(RuntimeError) -> Descriptor? {
        guard joined.contains(where: { $0.kinds == .user }), !plan.namespaces.uidMappings.isEmpty else { return nil }
        return try performing("linux.uidMappings") { () throws(SystemError) in
            try Descriptor.workingDirectory.open("/proc/self", [.path, .directory]).release()
        }
    }

    /// Without privileges a time namespace can only be the user namespace's, which therefore comes first.
    private var beginsWithUsers: Bool { created.isSuperset(of: [.user, .time]) && entry.awaitsIDMaps }

    private func makeUserNamespace() throws(RuntimeError) {
        try performing("cannot make a user namespace") { () throws(SystemError) in
            try ThisProcess.unshare(.user)
            // Its files in procfs are ours then, and not root's.
            try ThisProcess.setDumpable(true)
        }
    }

    /// Its clocks can be set only as long as nobody is in it: hence not by clone3(2).
    private func makeTimeNamespace() throws(RuntimeError) {
        guard created.contains(.time) else { return }
        try performing("linux.timeOffsets") { () throws(SystemError) in
            try ThisProcess.unshare(.time)
            guard !timeOffsets.isEmpty else { return }
            let file = try Descriptor.workingDirectory.open("/proc/self/timens_offsets", .writeOnly)
            try file.descriptor.writeAll(timeOffsets)
        }
    }

    private func makeSibling(_ surroundings: SetupSurroundings) throws(RuntimeError) {
        let made: NamespaceKinds = beginsWithUsers ? [.cgroup, .time, .user] : [.cgroup, .time]
        let request = CloneRequest(created.subtracting(made), isSibling: true)
        let sibling = try performing("cannot make namespaces") { () throws(SystemError) in
            // The sibling has this of us: its maps may be written by somebody without privileges.
            if entry.awaitsIDMaps { try ThisProcess.setDumpable(true) }
            return try ThisProcess.clone(request)
        }
        switch consume sibling {
        case .parent(let sibling):
            surroundings.channel.send(.born(pid: sibling.pid, sibling.descriptor.descriptor))
        case .child:
            var entry = entry
            entry.cgroupTasks = []
            // The joiner may be slower than we are: nothing of ours may be heard before `born`.
            surroundings.channel.expect(.proceed)
            ContainerProcess.run(plan, surroundings, entry: entry)
        }
    }
}
