import ImageSpec
import LineProtocol
import LinuxKernel
import Testing

@testable import Engine

/// A container as `change` asks for it, made so many seconds after the beginning.
private func container(
    _ id: String, at second: UInt64 = 0, _ change: (inout ContainerSpecification) -> Void = { _ in }
) throws -> ContainerRecord {
    var wanted = ContainerSpecification(image: "x")
    wanted.command = ["true"]
    change(&wanted)
    return ContainerRecord(
        id: id, name: "name-\(id)", created: Timestamp(nanoseconds: second * 1_000_000_000), image: "x",
        imageID: try Digest("sha256:" + String(repeating: "0", count: 64)), specification: wanted,
        configuration: try ContainerConfiguration(wanted, image: ContainerDefaults(), id: id, networkName: "machine"),
        mounts: [])
}

@Suite("An update changes limits and the restart policy")
struct UpdateTests {
    private func update(_ record: ContainerRecord, restart: RestartPolicy) throws -> ContainerRecord {
        try record.updated(by: ContainerUpdate.Parameters(container: "c", restart: restart), on: wholeMachine)
    }

    @Test("a policy is what the next end is followed by")
    func policy() throws {
        let made = try container("a") { $0.restart = RestartPolicy(.always) }
        #expect(AfterEnd(made) == .restarts(RestartPolicy(.always)))
        let updated = try update(made, restart: RestartPolicy(.no))
        #expect(AfterEnd(updated) == .remains)
        let again = try update(updated, restart: RestartPolicy(.onFailure, maximumRetryCount: 2))
        #expect(AfterEnd(again) == .restarts(RestartPolicy(.onFailure, maximumRetryCount: 2)))
    }

    @Test("what is not named stays as it is")
    func rest() throws {
        var limits = ContainerResources()
        limits.processes = 40
        let made = try container("a") { $0.restart = RestartPolicy(.always) }
        let updated = try made.updated(
            by: ContainerUpdate.Parameters(container: "a", resources: limits), on: wholeMachine)
        #expect(updated.restart == RestartPolicy(.always) && updated.resources.processes == 40)
        #expect(try update(updated, restart: RestartPolicy()).resources.processes == 40)
    }

    @Test("a container that is removed when it ends is not restarted, and what is no policy is refused")
    func refusals() throws {
        let temporary = try container("a") { $0.removeOnExit = true }
        #expect(throws: ProtocolFailure.self) { _ = try update(temporary, restart: RestartPolicy(.always)) }
        #expect(try AfterEnd(update(temporary, restart: RestartPolicy(.no))) == .isRemoved)
        let senseless = RestartPolicy(.always, maximumRetryCount: 3)
        #expect(throws: ProtocolFailure.self) { _ = try update(container("a"), restart: senseless) }
    }
}

@Suite("Containers start after those that they join")
struct StartOrderTests {
    private func order(_ joined: [(String, [String])]) throws -> [String] {
        // Made in this order; those with a network, a pid and an ipc namespace of another's, as far as there are.
        StartOrder(
            try joined.enumerated().map { number, entry in
                try container(entry.0, at: UInt64(number)) { wanted in
                    let modes = entry.1.map { ContainerReference.prefix + $0 }
                    if let first = entry.1.first { wanted.network = .container(first) }
                    if modes.count > 1 { wanted.namespaces.pid = modes[1] }
                    if modes.count > 2 { wanted.namespaces.ipc = modes[2] }
                }
            }
        ).ids
    }

    @Test("without joining, in the order of creation")
    func creation() throws { #expect(try order([("c", []), ("a", []), ("b", [])]) == ["c", "a", "b"]) }

    @Test("whatever namespace it is, and through several")
    func chain() throws {
        #expect(try order([("a", ["b"]), ("b", ["c"]), ("c", [])]) == ["c", "b", "a"])
        let all = try order([("a", ["b", "c", "d"]), ("d", ["b"]), ("b", []), ("c", ["d"])])
        #expect(all.last == "a" && all.count == 4)
        #expect(try #require(all.firstIndex(of: "d")) < #require(all.firstIndex(of: "c")))
    }

    @Test("one that joins a container that is gone, or itself by others, is started all the same")
    func circle() throws {
        #expect(try order([("a", ["gone"])]) == ["a"])
        #expect(Set(try order([("a", ["b"]), ("b", ["a"]), ("c", ["c"])])) == ["a", "b", "c"])
    }
}

@Suite("Who waits for a container")
struct WaiterTests {
    @Test("is not answered between its end and the event of it")
    func telling() {
        var waiters = Waiters()
        #expect(waiters.isAnswered(.notRunning, in: .exited))
        waiters.beginTelling()
        #expect(!waiters.isAnswered(.notRunning, in: .exited) && !waiters.isAnswered(.removed, in: .gone))
        waiters.endTelling()
        #expect(waiters.isAnswered(.notRunning, in: .exited) && waiters.isAnswered(.removed, in: .gone))
    }

    @Test("waits for what has not happened")
    func conditions() {
        let waiters = Waiters()
        #expect(!waiters.isAnswered(.notRunning, in: .running) && !waiters.isAnswered(.notRunning, in: .restarting))
        #expect(!waiters.isAnswered(.nextExit, in: .exited) && !waiters.isAnswered(.removed, in: .exited))
    }
}
