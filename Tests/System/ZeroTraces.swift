import Harness
import Testing

/// Runs last: without parallelism, swift-testing goes by the names of files. Each test is held to the same
/// by `.leavesNothingBehind`; this looks once more at the whole run.
@Suite("Nothing is left behind")
struct ZeroTraces {
    @Test("no mount, process, cgroup, link, named namespace, rule or state is there that was not before the first test")
    func nothingIsLeft() throws {
        try Machine.requireRoot()
        checkNothingIsLeft(since: Traces.atStart)
    }
}
