import Harness
import Testing

@Suite("Debian's programs in a container of ours", .leavesNothingBehind)
struct DebianTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("apt-get update fetches its lists over the host's network, and no other network has any")
    func packages() throws {
        let supervisor = try Supervisor(in: scratch)
        try supervisor.load("debian.oci.tar")
        let update = ["debian:bookworm", "bash", "-c", "apt-get update && apt-cache policy bash"]
        let outcome = try supervisor.wherry(["run", "--rm", "--network", "host"] + update).changed { $0.deadline = 120 }
            .run()
        #expect(outcome.status == 0 && outcome.output.contains("Candidate:"), "\(outcome)")
        let alone = ["debian:bookworm", "bash", "-c", "echo >/dev/tcp/192.0.2.1/80"]
        #expect(try supervisor.wherry(["run", "--rm"] + alone).run().errors.contains("unreachable"))
    }
}
