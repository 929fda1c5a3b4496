/// Rewrites docker's ways to write flags that ArgumentParser does not know: `-eA=1` (a value behind its letter),
/// `-itv /a:/b` (a letter with a value at the end of others), `--sig-proxy=false` and `-d=true` (a flag with a value).
/// Pure. What follows the image of `run` is left alone.
struct FlagConventions {
    /// The letters that take a value, by command. A test holds them against the commands' own declarations.
    static let valuedLetters: [String: Set<Character>] = [
        "wherry": ["H"],
        "run": ["e", "w", "u", "v", "l", "h", "a", "m", "c"], "create": ["e", "w", "u", "v", "l", "h", "a", "m", "c"],
        "update": ["m", "c"],
        "exec": ["e", "w", "u"], "ps": ["f", "n"], "ls": ["f", "n"], "list": ["f", "n"], "images": ["f"],
        "logs": ["n"], "inspect": ["f"], "info": ["f"], "version": ["f"], "events": ["f"], "stop": ["t", "s"],
        "restart": ["t", "s"], "kill": ["s"], "load": ["i"], "import": ["c", "m"], "save": ["o"],
        "export": ["o"], "commit": ["a", "c", "m"],
        "login": ["u", "p"],
    ]
    /// The flags in words, of whichever command.
    static let flagNames: Set<String> = [
        "all", "quiet", "no-trunc", "detach", "interactive", "tty", "rm", "sig-proxy", "no-stdin", "follow",
        "timestamps", "no-stream", "force", "volumes", "digests", "latest", "help", "version", "privileged",
        "read-only", "init", "oom-kill-disable", "all-tags", "human", "password-stdin", "pause",
    ]
    /// Of flags that are set unless they are unset.
    private static let opposites = [
        "--sig-proxy": "--no-sig-proxy", "--human": "--no-human", "-H": "--no-human", "--pause": "--no-pause",
        "-p": "--no-pause",
    ]
    /// Behind their first word that is no flag nothing is ours.
    private static let passingOn: Set<String> = ["run", "create", "exec", "top"]
    private static let groups: Set<String> = ["container", "image", "system"]

    private static let truths: [String: Bool] = [
        "1": true, "t": true, "T": true, "true": true, "TRUE": true, "True": true,
        "0": false, "f": false, "F": false, "false": false, "FALSE": false, "False": false,
    ]

    private var rest: ArraySlice<String>
    private var result: [String] = []
    private var command = "wherry"

    /// The arguments, and the first that is no flag of `wherry` itself: the command's name.
    static func rewrite(_ arguments: [String]) -> (arguments: [String], command: String?) {
        var rewriter = FlagConventions(rest: arguments[...])
        let command = rewriter.rewriteAll()
        return (rewriter.result, command)
    }

    private mutating func rewriteAll() -> String? {
        var name: String?
        while let word = rest.popFirst() {
            if word == "--" || (isPositional(word) && Self.passingOn.contains(command)) {
                result.append(word)
                break
            }
            if isPositional(word) {
                if command == "wherry" || Self.groups.contains(command) { command = word }
                name = name ?? word
                result.append(word)
            } else if word.hasPrefix("--") {
                rewriteLong(word)
            } else {
                rewriteLetters(word)
            }
        }
        result += rest
        return name
    }

    private func isPositional(_ word: String) -> Bool { !word.hasPrefix("-") || word == "-" }

    /// `--name`, `--name value` or `--name=value`
    private mutating func rewriteLong(_ word: String) {
        let (name, value) = KeyValue.split(String(word.dropFirst(2)))
        guard Self.flagNames.contains(name) else {
            result.append(word)
            if value == nil, !isFlagOfCommand(name) { takeValue() }
            return
        }
        guard let value, let isSet = Self.truths[value] else {
            result.append(word)
            return
        }
        appendFlag("--" + name, isSet)
    }

    /// `--attach` takes a value with `run`, and none with `start`.
    private func isFlagOfCommand(_ name: String) -> Bool {
        name == "attach" && command == "start" || name.hasPrefix("no-") || name.hasPrefix("generate-")
    }

    private mutating func takeValue() {
        if let value = rest.popFirst() { result.append(value) }
    }

    /// `-it`, `-eA=1`, `-itv /a:/b`, `-d=true`
    private mutating func rewriteLetters(_ word: String) {
        let valued = Self.valuedLetters[command] ?? []
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            if valued.contains(letter) {
                result.append("-\(letter)")
                if letters.first == "=" { letters.removeFirst() }
                if letters.isEmpty, !word.hasSuffix("=") { takeValue() } else { result.append(String(letters)) }
                return
            }
            if letters.first == "=", let isSet = Self.truths[String(letters.dropFirst())] {
                appendFlag("-\(letter)", isSet)
                return
            }
            result.append("-\(letter)")
        }
    }

    private mutating func appendFlag(_ flag: String, _ isSet: Bool) {
        if isSet { result.append(flag) } else if let opposite = Self.opposites[flag] { result.append(opposite) }
    }
}
