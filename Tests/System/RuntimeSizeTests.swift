import Harness
import LinuxKernel
import Testing

/// What a machine pays for each container beside the container itself.
@Suite("The runtime stays small", .leavesNothingBehind)
struct RuntimeSizeTests {
    /// KiB resident at most, its program's pages among them: twice what they need.
    private static let most = 8 << 10

    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func peak(_ command: Command) throws -> Int {
        let outcome = try Command("/usr/bin/time", ["--format", "%M", command.program] + command.arguments).run()
        let last = try #require(outcome.errors.split(separator: "\n").last)
        #expect(outcome.status == 0, "\(outcome)")
        return try #require(Int(last))
    }

    @Test("a container that runs to its end, and asking for its state, take little memory")
    func memory() throws {
        let bundle = try Bundle(in: scratch, running: ["true"])
        let container = try Container(bundle, in: scratch, by: .wherry)
        #expect(try peak(container.command("run", ["--bundle", bundle.path, container.id])) < Self.most)
        #expect(try container.create().status == 0)
        #expect(try peak(container.command("state", [container.id])) < Self.most)
        #expect(try container.command("delete", ["--force", container.id]).run().status == 0)
    }
}
