import Harness

/// A program `criu` that answers as CRIU 3.17.1 does, by a script: one conversation a run, over descriptor 3. A message
/// is what one write(2) writes; printf(1) has the bytes in octal.
final class ScriptedCriu {
    /// Of commands, with this program before all others.
    let environment: [String]
    private let log: String

    /// `version` and `features` are the insides of those messages; `dump`, `restore` and `preDump` are commands that
    /// follow the request.
    init(
        in scratch: Scratch, version: String = "\\010\\003\\020\\021\\040\\001",
        features: String = "\\010\\001\\020\\001",
        dump: String = "exit 1", restore: String = "exit 1", preDump: String = "exit 1"
    ) throws {
        let directory = try scratch.directory("criu")
        log = directory + "/request."
        environment = ["PATH=\(directory):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        let script = """
            #!/bin/sh
            receive() { dd bs=65536 count=1 2>/dev/null <&3; }
            receive >\(directory)/request
            kind=$(od -An -tu1 -j1 -N1 \(directory)/request | tr -d ' ')
            mv \(directory)/request \(log)$kind
            case $kind in
            1) \(dump) ;;
            2) \(restore) ;;
            4) \(preDump) ;;
            9) \(Self.answer("\\010\\011\\020\\001\\102", features)) ;;
            10) \(Self.answer("\\010\\012\\020\\001\\122", version)) ;;
            esac
            """
        try scratch.file("criu/criu", script, mode: 0o755)
    }

    /// The last request of a kind, with what is no text replaced.
    func request(_ kind: Int) throws -> String { try Files.read(log + "\(kind)") }

    // MARK: Commands of a script

    /// The answer to a request that was met.
    static func success(_ kind: Int) -> String { "printf '\\010\\\(octal(kind))\\020\\001' >&3\n" }

    /// A notification, and the wait for its answer. `hasProcess`: of the process `$pid`.
    static func notification(_ moment: String, hasProcess: Bool = false) -> String {
        let name = "\\012\\\(octal(moment.utf8.count))\(moment)"
        guard hasProcess else { return answer("\\010\\006\\020\\001\\052", name) + "\nreceive >/dev/null\n" }
        // A number of 21 bits is enough for process identifiers: /proc/sys/kernel/pid_max is below 2^22.
        return """
            bytes=$(printf '\\\\%03o\\\\%03o\\\\%03o\\\\%03o' $((pid & 127 | 128)) $((pid >> 7 & 127 | 128)) \
            $((pid >> 14 & 127 | 128)) $((pid >> 21)))
            printf "\\010\\006\\020\\001\\052\\\(octal(moment.utf8.count + 7))\(name)\\020$bytes" >&3
            receive >/dev/null

            """
    }

    /// A message that ends in another one.
    private static func answer(_ head: String, _ inside: String) -> String {
        let count = inside.split(separator: "\\", omittingEmptySubsequences: true).reduce(0) {
            $0 + max(1, $1.count - 2)
        }
        return "printf '\(head)\\\(octal(count))\(inside)' >&3"
    }

    private static func octal(_ number: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
