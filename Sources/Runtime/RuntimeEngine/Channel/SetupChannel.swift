internal import LinuxKernel

/// The runtime's end of the handshake.
struct RuntimeEnd {
    let socket: Descriptor

    /// The next message; nil when the other side is gone, or has become the program.
    func next() throws(RuntimeError) -> SetupMessage? {
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        do {
            if try socket.receive(upTo: 16 * 1024, into: &bytes, descriptors: &descriptors) == 0 { return nil }
        } catch {
            if error.errno == .connectionReset { return nil }
            throw RuntimeError("cannot hear from the container's process", error)
        }
        guard let message = SetupMessage(bytes, descriptors) else {
            throw RuntimeError(.system, "cannot understand the container's process")
        }
        if case .failed(let error) = message { throw error }
        return message
    }

    /// Waits for one kind of message, or fails with what came instead.
    func expect<Content>(_ name: String, _ content: (SetupMessage) -> Content?) throws(RuntimeError) -> Content {
        guard let message = try next() else {
            throw RuntimeError(.system, "the container's process ended before it was \(name): it was killed")
        }
        guard let content = content(message) else {
            throw RuntimeError(.system, "expected \(name) of the container's process, got \(message.name)")
        }
        return content
    }

    /// Hands over the `tasks` files of cgroups to enter, as many at once as a message takes.
    func send(cgroups files: [Descriptor]) throws(RuntimeError) {
        do throws(RuntimeError) {
            for first in stride(from: 0, to: files.count, by: Descriptor.mostPassed) {
                let end = min(first + Descriptor.mostPassed, files.count)
                try send(.cgroups, passing: Array(files[first..<end]))
            }
            try send(.proceed)
        } catch {
            // It may have told what kept it from hearing this.
            _ = try next()
            throw error
        }
    }

    func send(_ answer: SetupAnswer, passing descriptors: [Descriptor] = []) throws(RuntimeError) {
        do { _ = try socket.send([answer.rawValue], passing: descriptors) } catch {
            throw RuntimeError("cannot tell the container's process to go on", error)
        }
    }
}

/// The container's end. Once the runtime is gone there is nothing left to do: every failure here ends the process.
struct ContainerEnd {
    let socket: Descriptor

    /// Whether the runtime has ended.
    var isAbandoned: Bool { (try? socket.wait(for: [], milliseconds: 0).contains(.hangUp)) ?? true }

    func send(_ message: SetupMessage) {
        let descriptors = message.descriptors
        do throws(SystemError) {
            if descriptors.isEmpty {
                // write(2) and read(2), which every filter that we may be under by now allows, as runc needs them, too.
                try socket.writeAll(message.bytes)
            } else {
                _ = try socket.send(message.bytes, passing: descriptors)
            }
        } catch { ThisProcess.leave(1) }
    }

    func expect(_ answer: SetupAnswer) {
        if (try? socket.read(upTo: 1)) != [answer.rawValue] { ThisProcess.leave(1) }
    }

    /// Enters the cgroups whose `tasks` files come, until it may go on.
    func expectCgroups() throws(RuntimeError) {
        while true {
            var bytes: [UInt8] = []
            var files: [Descriptor] = []
            guard (try? socket.receive(upTo: 1, into: &bytes, descriptors: &files)) == 1 else { ThisProcess.leave(1) }
            defer { for file in files { file.close() } }
            if bytes == [SetupAnswer.proceed.rawValue] { return }
            guard bytes == [SetupAnswer.cgroups.rawValue] else { ThisProcess.leave(1) }
            for file in files { try CgroupTasks.join(file) }
        }
    }

    func expectMount() -> Descriptor {
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        let count = try? socket.receive(upTo: 1, into: &bytes, descriptors: &descriptors)
        guard count == 1, bytes == [SetupAnswer.mount.rawValue], let mount = descriptors.first else {
            ThisProcess.leave(1)
        }
        return mount
    }
}
