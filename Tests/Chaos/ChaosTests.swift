import Harness
import LinuxKernel
import Testing

/// `WHERRY_CHAOS_SEED` makes a run again, `WHERRY_CHAOS_ROUNDS` makes it long.
@Suite("Whatever dies, at whatever moment, nothing is lost", .leavesNothingBehind)
struct ChaosTests {
    private static let seed = number("WHERRY_CHAOS_SEED") ?? .random(in: 0..<1_000_000)
    private static let rounds = number("WHERRY_CHAOS_ROUNDS") ?? 60

    private static func number(_ variable: String) -> UInt64? { ThisProcess.variable(variable).flatMap(UInt64.init) }

    @Test("supervisor, client, runtime and container are killed at random; what ran runs, what ended is known")
    func deaths() throws {
        let chaos = try Chaos(seed: Self.seed)
        for round in 1...Self.rounds {
            do { try chaos.playRound() } catch {
                throw HarnessError("WHERRY_CHAOS_SEED=\(Self.seed), round \(round): \(error)")
            }
        }
        try chaos.finish()
    }
}
