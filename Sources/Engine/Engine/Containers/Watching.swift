internal import BlockingThreads
public import LineProtocol
internal import LinuxKernel

extension Container {
    /// The container's processes, as ps(1) of the host shows them.
    public func top(_ options: [String]) async throws(ProtocolFailure) -> ContainerTop.Result {
        try ProcessTable.check(options)
        _ = try runningShim()
        let runtime = services.configuration.runtime
        let arguments = ["--root", services.layout.runtimeState, "ps", "--format", "json", id]
        let table = try await services.threads.run { () throws(ProtocolFailure) in
            let list = try answer(of: runtime, arguments)
            guard let processes = try? decodeJSON([Int32].self, list) else {
                throw ProtocolFailure(.runtimeFailed, "the runtime does not list the container's processes")
            }
            let output = try answer(of: "ps", options)
            return try ProcessTable.rows(of: String(decoding: output, as: UTF8.self), about: Set(processes))
        }
        await announce("top")
        return table
    }
}

/// What a program that must succeed prints.
private func answer(of program: String, _ arguments: [String]) throws(ProtocolFailure) -> [UInt8] {
    let answer: ProgramAnswer
    do { answer = try ProgramAnswer(program, arguments) } catch { throw ProtocolFailure(error) }
    guard answer.isSuccess else { throw ProtocolFailure(.system, "\(program): \(answer.complaint)") }
    return answer.output
}
