import LinuxKernel

/// Why a test cannot go on: what it lacks, or what did not happen in time.
public struct HarnessError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Seconds, stretched by `WHERRY_TEST_PATIENCE` where the machine is slow, as under emulation.
public func patient(_ seconds: Double) -> Double { seconds * patience }

/// Whether the machine is so slow that a few seconds are not enough for a few commands.
public let isSlowMachine = patience > 1

private let patience = ThisProcess.variable("WHERRY_TEST_PATIENCE").flatMap(Double.init) ?? 1

/// Throws the harness's own error if `condition` does not come true within `seconds`.
///
/// Only for what no descriptor tells of, such as a cgroup that vanishes; programs are waited for by pidfd and output.
public func eventually(_ what: String, within seconds: Double = 10, _ condition: () throws -> Bool) throws {
    let end = monotonicTime() + UInt64(patient(seconds) * 1e9)
    let timer = try TimerDescriptor()
    while try !condition() {
        guard monotonicTime() < end else { throw HarnessError("not within \(patient(seconds)) s: \(what)") }
        try timer.set(nanoseconds: 5_000_000)
        _ = try timer.descriptor.descriptor.wait(for: .readable)
    }
}

/// Lets time pass: for what must not happen meanwhile, and for deaths at a moment of the test's choice.
public func pass(milliseconds: UInt64) throws {
    guard milliseconds > 0 else { return }
    let timer = try TimerDescriptor()
    try timer.set(nanoseconds: milliseconds * 1_000_000)
    _ = try timer.descriptor.descriptor.wait(for: .readable)
}
