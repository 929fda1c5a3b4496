import Harness
import Testing

/// Runs last, as its namesake of the system ring.
@Suite("Nothing is left behind by the engines of others")
struct ZeroTraces {
    @Test("no mount, process, cgroup, link, named namespace, rule or state is there that was not before the first test")
    func nothingIsLeft() throws {
        try Machine.requireRoot()
        checkNothingIsLeft(since: Traces.atStart)
    }
}
