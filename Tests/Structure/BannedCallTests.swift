import Harness
import Testing

/// What is not written here, and why not.
private struct Ban {
    let words: [String]
    let why: String
    /// Allowed where a comment stands on the line or above it.
    var isAllowedWithReason = false
}

@Suite("Calls that are banned, and why")
struct BannedCallTests {
    private let bans = [
        Ban(words: ["try!", "as!", "fatalError(", "preconditionFailure("], why: "bad input must not trap"),
        Ban(words: [").descriptor."], why: "a temporary owner closes the file before it is used: name it first"),
        Ban(
            words: ["usleep(", "nanosleep("], why: "wait for an event, with a deadline; where there is none, say so",
            isAllowedWithReason: true),
        Ban(
            words: ["wait4(-1", "waitpid(-1"], why: "it takes exit statuses that others wait for: wait for a pidfd"),
        Ban(
            words: ["P_ALL"], why: "it takes exit statuses that others wait for, but with WNOWAIT: say so",
            isAllowedWithReason: true),
        Ban(words: ["DispatchQueue", "DispatchSource", "DispatchGroup"], why: "it starts threads"),
        Ban(
            words: ["pthread_create"], why: "say whose thread it is, and that it is no static program's",
            isAllowedWithReason: true),
        Ban(words: ["popen(", "posix_spawn"], why: "programs are started by path, with arguments, without a shell"),
        Ban(words: ["nonisolated(unsafe)", "@unchecked"], why: "say why it is safe", isAllowedWithReason: true),
    ]

    @Test("Sources hold none of them")
    func sources() throws {
        for file in try SourceFile.all(in: "Sources", endings: [".swift", ".c", ".h"]) {
            for ban in bans { check(file, ban) }
        }
    }

    private func check(_ file: SourceFile, _ ban: Ban) {
        for word in ban.words {
            for index in file.lines(with: word) where !(ban.isAllowedWithReason && file.hasComment(at: index)) {
                Issue.record("\(file.path):\(index + 1): \(word): \(ban.why)")
            }
        }
    }

    @Test("tests do not wait by sleeping")
    func tests() throws {
        for file in try SourceFile.all(in: "Tests") {
            for index in ["sleep(", "usleep(", "Task.sleep"].flatMap(file.lines) {
                Issue.record("\(file.path):\(index + 1): wait for an event, with a deadline")
            }
        }
    }

    @Test("what wherry-runtime, wherry-shim and wherry are made of has no Concurrency")
    func staticRooms() throws {
        let house = try House()
        for name in try house.below(["wherry-runtime", "wherry-shim", "wherry"]).sorted() {
            for file in try SourceFile.all(in: try house.room(name).folder) {
                for index in ["await ", "async ", "async(", "actor ", "Task {", "Task.", "Task("].flatMap(file.lines) {
                    Issue.record("\(file.path):\(index + 1): these programs have one thread and no executor")
                }
            }
        }
    }
}
