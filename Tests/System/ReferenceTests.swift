import Harness
import LinuxKernel
import RuntimeSpec
import Testing

/// The references themselves, so that a comparison that fails is not the harness's fault.
@Suite("The runtimes that ours is compared with", .leavesNothingBehind)
struct ReferenceTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("run a bundle and hand back its exit status", arguments: ["runc", "crun"])
    func run(_ name: String) throws {
        let runtime = name == "runc" ? try Runtime.runc : try Runtime.crun
        let bundle = try Bundle(in: scratch, running: ["sh", "-c", "echo from $(hostname); exit 3"]) {
            $0.hostname = "inside"
        }
        let outcome = try Container(bundle, in: scratch, by: runtime).run()
        #expect(outcome.status == 3)
        #expect(outcome.output == "from inside\n")
    }

    @Test("create, start, and end", arguments: ["runc", "crun"])
    func create(_ name: String) throws {
        let runtime = name == "runc" ? try Runtime.runc : try Runtime.crun
        let bundle = try Bundle(in: scratch, .debian, running: ["bash", "-c", "echo $BASH_VERSION; kill -9 $$"]) {
            $0.linux?.namespaces?.removeAll { $0.type == .pid }
        }
        let container = try Container(bundle, in: scratch, by: runtime)
        #expect(try container.create().status == 0)
        #expect(try container.state().output.contains("created"))
        #expect(try container.start().status == 0)
        #expect(try container.waitForEnd().shellCode == 137)
        #expect(try Files.read(container.log).hasPrefix("5."))
    }
}
