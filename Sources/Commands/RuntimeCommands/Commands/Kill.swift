internal import LinuxKernel
internal import RuntimeEngine

extension Command {
    static let kill = Command(
        "kill", "send a signal to a container's first process, SIGTERM unless told otherwise",
        arguments: "<container-id> [signal]",
        flags: [Flag("all", "a", "sends it to every process of the container")], count: 1...2, literalAfter: 1
    ) { invocation in
        let word = invocation.arguments.count > 1 ? invocation.arguments[1] : "SIGTERM"
        guard let signal = signalNumber(word) else { throw UsageError("unknown signal \"\(word)\"") }
        let all = invocation.flags.isSet("all")
        do { try invocation.root.engine.kill(invocation.container, signal: signal, all: all) } catch let error
            as RuntimeError
        {
            // Nobody is left to signal: all of them have been.
            guard all, error.kind == .wrongState else { throw error }
        }
        return 0
    }

    /// 0 asks only whether the process is there. `-9` is what people type.
    private static func signalNumber(_ word: String) -> Int32? {
        if word == "0" { return 0 }
        return Signal.number(named: word.hasPrefix("-") ? String(word.dropFirst()) : word)
    }
}
