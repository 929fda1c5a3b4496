import Harness
import LinuxKernel

/// A supervisor and its containers, to which things happen at random moments. After each of them everything that
/// is known must be true: who runs runs on, with the same process; who ended ended with its code; no line of a log is
/// missing or there twice; `ps` answers at once.
final class Chaos {
    private static let mostBoats = 5
    /// Seconds that `wherry ps` may take.
    private static let promptness = 1.0

    private let scratch: Scratch
    private let supervisor: Supervisor
    private let shared: String
    private var numbers: SeededNumbers
    private var boats: [Boat] = []
    private var launched = 0
    /// Names of containers that a client asked for and did not live to hear of: they may come, later.
    private var ghosts: Set<String> = []

    init(seed: UInt64) throws {
        numbers = SeededNumbers(seed: seed)
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        shared = try scratch.directory("shared")
        try supervisor.importBusybox()
    }

    /// Lets one thing happen and looks whether all is well.
    func playRound() throws {
        let round = Round(using: &numbers, containers: boats.count, most: Self.mostBoats)
        do {
            try play(round)
            try check()
        } catch { throw HarnessError("\(round): \(error)\n\(try Files.read(supervisor.log))") }
    }

    /// Removes everything, after which nothing may be left.
    func finish() throws {
        for boat in boats { try supervisor.wherry("rm", "--force", boat.name).succeed() }
        boats = []
        try check()
        guard try supervisor.wherry("ps", "--all", "--quiet").succeed().isEmpty else {
            throw HarnessError("a container is there that nobody knows of")
        }
        for folder in [supervisor.state + "/containers", supervisor.root + "/containers"] {
            let left = Files.names(in: folder)
            guard left.isEmpty else { throw HarnessError("left in \(folder): \(left)") }
        }
    }
}

// MARK: What happens

extension Chaos {
    private func play(_ round: Round) throws {
        switch round.deed {
        case .launch: try launch(round)
        case .stop(let index): try stop(index, round)
        case .killProcess(let index): try killProcess(index, round)
        case .execute(let index): try execute(index, round)
        case .follow(let index): try follow(index, round)
        case .remove(let index): try remove(index, round)
        case .rest: _ = try interrupted(nil, round)
        }
    }

    /// Starts `command`, lets die who has to, and answers how the command ended: nil if it was killed. The supervisor
    /// is there again in the end.
    private func interrupted(_ command: Command?, _ round: Round) throws -> Outcome? {
        let program = try command?.start()
        try pass(milliseconds: UInt64(round.delay))
        switch round.victim {
        case .nobody: break
        case .client: try? program?.signal(Signal.kill)
        case .runtime: killRuntimes()
        case .supervisor:
            try supervisor.kill()
            try supervisor.start()
        }
        guard let program else { return nil }
        let outcome = try program.wait()
        return round.victim == .client ? nil : outcome
    }

    private func launch(_ round: Round) throws {
        launched += 1
        let (name, code) = ("boat\(launched)", Int32.random(in: 1...100, using: &numbers))
        let command = try supervisor.wherry(
            "run", "--detach", "--name", name, "--volume", "\(shared):/shared", "busybox", "sh", "-c",
            Boat.script(name: name, code: code))
        guard let outcome = try interrupted(command, round) else {
            ghosts.insert(name)
            return
        }
        let state = try state(of: name)
        guard let state, state.status == "running" else {
            // Done or undone: what was told to have succeeded runs, unless what was killed had just become the
            // container's process; of the rest nothing stays that cannot be removed.
            guard outcome.status != 0 || round.victim == .runtime && state?.code == 137 else {
                throw HarnessError("\(name) was started, and is \(state?.status ?? "gone")")
            }
            if state != nil { try supervisor.wherry("rm", "--force", name).succeed() }
            return
        }
        boats.append(Boat(name: name, code: code, counts: "\(shared)/\(name)", fate: .running(pid: state.pid)))
    }

    private func stop(_ index: Int, _ round: Round) throws {
        let command = try supervisor.wherry("stop", boats[index].name)
        // What was interrupted may still be under way: only when it is done again is it certain to be done.
        if try interrupted(command, round)?.status != 0 { try command.succeed() }
        guard boats[index].isRunning else { return }
        boats[index].fate = .ended(code: boats[index].code)
    }

    private func killProcess(_ index: Int, _ round: Round) throws {
        guard case .running(let pid) = boats[index].fate else { return }
        try ProcessHandle(opening: pid).signal(Signal.kill)
        boats[index].fate = .ended(code: 137)
        _ = try interrupted(nil, round)
    }

    private func execute(_ index: Int, _ round: Round) throws {
        let command = try supervisor.wherry("exec", boats[index].name, "sh", "-c", "sleep 0.02; exit 42")
        guard let outcome = try interrupted(command, round) else { return }
        let isWell = boats[index].isRunning && round.victim == .nobody
        // A code that is not known is told as 125, or 1 where nothing was begun, and never as a code that it was not.
        let allowed: [Int32] = isWell ? [42] : [42, 1, 125, 126, 137]
        guard allowed.contains(outcome.status) else { throw HarnessError("exec ended with \(outcome)") }
    }

    private func follow(_ index: Int, _ round: Round) throws {
        let program = try supervisor.wherry("logs", "--follow", boats[index].name).start()
        _ = try interrupted(nil, round)
        try program.signal(Signal.kill)
        try boats[index].check(beginning: try program.wait().lines)
    }

    private func remove(_ index: Int, _ round: Round) throws {
        let boat = boats.remove(at: index)
        let command = try supervisor.wherry("rm", "--force", boat.name)
        if try interrupted(command, round)?.status != 0 { try command.succeed() }
        guard try state(of: boat.name) == nil else { throw HarnessError("\(boat.name) was removed, and is there") }
    }

    private func killRuntimes() {
        for (pid, description) in Orphans.descendants()
        where description.contains("wherry-runtime ") && description.contains(supervisor.state + "/runtime")
            && !description.contains("wherry-shim ")
        {
            // It may have ended of itself by now.
            if let process = try? ProcessHandle(opening: pid) { try? process.signal(Signal.kill) }
        }
    }
}

// MARK: What must be true

extension Chaos {
    private func check() throws {
        let begin = monotonicTime()
        let listed = try supervisor.wherry("ps", "--all", "--format", "{{.Names}}").succeed()
        let took = Double(monotonicTime() - begin) / 1e9
        guard took < patient(Self.promptness) else { throw HarnessError("ps took \(took) s") }
        let names = Set(listed.split(separator: "\n").map(String.init))
        for ghost in ghosts.intersection(names) { try supervisor.wherry("rm", "--force", ghost).succeed() }
        let known = Set(boats.map(\.name))
        guard names.subtracting(ghosts) == known else { throw HarnessError("ps lists \(names) instead of \(known)") }
        for index in boats.indices { try check(&boats[index]) }
    }

    private func check(_ boat: inout Boat) throws {
        switch boat.fate {
        case .running(let pid):
            let state = try state(of: boat.name)
            guard state?.status == "running", state?.pid == pid else {
                throw HarnessError("\(boat.name) ran as process \(pid), and is \(String(describing: state))")
            }
        case .ended(let code):
            try eventually("\(boat.name) has ended with \(code)") {
                let state = try state(of: boat.name)
                return state?.status == "exited" && state?.code == code
            }
        }
        let log = try supervisor.wherry("logs", boat.name).succeed().split(separator: "\n").map(String.init)
        try boat.check(log: log)
        boat.lines = log.count
    }

    private struct State { let status: String, pid: Int32, code: Int32 }

    /// Nil when there is no such container.
    private func state(of name: String) throws -> State? {
        let format = "{{.State.Status}} {{.State.Pid}} {{.State.ExitCode}}"
        let outcome = try supervisor.wherry("inspect", "--format", format, name).run()
        let words = outcome.output.split { $0.isWhitespace }
        guard outcome.status == 0, words.count == 3 else {
            guard outcome.errors.contains("no such object") else { throw HarnessError("inspect \(name): \(outcome)") }
            return nil
        }
        return State(status: String(words[0]), pid: Int32(words[1]) ?? 0, code: Int32(words[2]) ?? -1)
    }
}
