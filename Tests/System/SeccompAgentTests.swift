import Harness
import LinuxKernel
import RuntimeSpec
import Testing

@Suite("An agent answers for system calls: config-linux.md, \"The Container Process State\"", .leavesNothingBehind)
final class SeccompAgentTests {
    private let scratch: Scratch
    private let listener: OwnedDescriptor
    private var path: String { scratch("agent.sock") }

    init() throws {
        scratch = try Scratch()
        listener = try UnixSocket.listen(at: scratch("agent.sock"))
    }

    private func profile(_ name: String = "mkdir") -> Seccomp {
        Seccomp(
            defaultAction: .allow, listenerPath: path, listenerMetadata: "for the agent",
            syscalls: [SeccompRule(names: [name, "mkdirat"], action: .notify)])
    }

    private func bundle(_ seccomp: Seccomp, restrained: Bool, _ arguments: [String]) throws -> Bundle {
        try Bundle(in: scratch, named: "bundle-\(restrained)", running: arguments) {
            $0.linux?.seccomp = seccomp
            $0.process?.noNewPrivileges = restrained
            $0.annotations = ["key": "value"]
        }
    }

    /// What the runtime sent on one connection, to its end. The caller closes the filter.
    private func receive() throws -> (state: ContainerProcessState, filter: Descriptor) {
        #expect(try listener.descriptor.wait(for: .readable, milliseconds: 10_000).contains(.readable))
        guard let connection = try UnixSocket.accept(listener.descriptor, nonBlocking: false) else {
            throw HarnessError("nobody connects")
        }
        var bytes: [UInt8] = []
        var descriptors: [Descriptor] = []
        while try connection.descriptor.receive(upTo: 4096, into: &bytes, descriptors: &descriptors) > 0 {}
        try #require(descriptors.count == 1)
        return (try ContainerProcessState(parsing: bytes), descriptors[0])
    }

    @Test(
        "it gets the filter's descriptor and the container's state before the container starts",
        arguments: [true, false])
    func create(_ restrained: Bool) throws {
        let bundle = try bundle(profile(), restrained: restrained, ["sh", "-c", "mkdir /tmp/x || touch /tmp/refused"])
        let container = try Container(bundle, in: scratch, by: .wherry)
        let outcome = try container.create()
        let log = try Files.read(container.log)
        #expect(outcome.status == 0, "\(outcome) \(log)")
        let (state, filter) = try receive()
        #expect(state.fds == ["seccompFd"])
        #expect(state.pid == (try container.pid))
        #expect(state.metadata == "for the agent")
        #expect(state.state.id == container.id)
        #expect(state.state.status == .creating)
        #expect(state.state.bundle == bundle.path)
        #expect(state.state.annotations == ["key": "value"])
        let kind = try Descriptor.workingDirectory.readSymbolicLink(filter.procPath)
        #expect(kind.contains("seccomp notify"))
        // Nobody answers any more: calls that were to be asked about do not exist.
        filter.close()
        try container.start()
        _ = try container.waitForEnd()
        #expect(try Files.read(container.log).contains("Function not implemented"))
    }

    @Test("a process of exec has a filter of its own, and the container is running", arguments: [true, false])
    func exec(_ restrained: Bool) throws {
        let bundle = try bundle(profile(), restrained: restrained, ["sleep", "1000"])
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try container.create().status == 0)
        try container.start()
        let first = try receive()
        let pidFile = scratch("exec.pid")
        let outcome = try container.command(
            "exec", ["--detach", "--pid-file", pidFile, container.id, "sleep", "1000"]
        ).changed { $0.output = .file(container.log) }.run()
        let log = try Files.read(container.log)
        #expect(outcome.status == 0, "\(outcome) \(log)")
        let second = try receive()
        let joined = try ProcessHandle(opening: second.state.pid)
        #expect(second.state.pid == Int32(try Files.read(pidFile)))
        #expect(second.state.state.pid == first.state.pid)
        #expect(second.state.state.status == .running)
        first.filter.close()
        second.filter.close()
        // It is our child by now: as long as nobody waits for it, it stays in the container's cgroups.
        try joined.signal(Signal.kill)
        _ = try joined.wait()
    }

    @Test("without an agent there is no container, and the reason is told")
    func nobody() throws {
        var profile = profile()
        profile.listenerPath = scratch("nobody.sock")
        let outcome = try Container(try bundle(profile, restrained: false, ["true"]), in: scratch, by: .wherry).run()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("failed to connect with seccomp agent"), "\(outcome)")
    }

    @Test(
        "a profile that allows little, and none of the calls on sockets, does not stop a container",
        arguments: [true, false])
    func sparse(_ restrained: Bool) throws {
        let calls = [
            "sendmsg", "recvmsg", "sendto", "recvfrom", "socket", "connect", "openat2", "close_range", "fsopen",
        ]
        let profile = Seccomp(defaultAction: .allow, syscalls: [SeccompRule(names: calls, action: .killProcess)])
        let outcome = try Container(
            try bundle(profile, restrained: restrained, ["echo", "here"]), in: scratch, by: .wherry
        ).run()
        #expect(outcome.output == "here\n", "\(outcome)")
    }
}
