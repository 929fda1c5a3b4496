internal import LinuxKernel
internal import RuntimeSpec

/// Filters that were compiled before, as files beside the containers' states.
///
/// libseccomp takes some 10 ms for docker's default profile, longer than all the rest of a container's start, and engines
/// give every container the same one. A file holds the whole profile with its program, so that a name that two profiles
/// share does no harm. Whoever may write there could as well replace the containers' states.
struct SeccompCache {
    /// The directory of the states.
    let root: String

    func program(_ seccomp: Seccomp) throws(RuntimeError) -> SeccompProgram {
        let key = SeccompKey(seccomp).bytes
        let path = "\(root)/\(Self.name(of: key))"
        if let instructions = read(path, key) {
            return SeccompProgram(instructions: instructions, flags: try SeccompWords.flags(seccomp))
        }
        let program = try SeccompProgram(seccomp)
        write(program.instructions, path, key)
        return program
    }

    /// No container can have such a name: identifiers have no colon.
    private static func name(of key: [UInt8]) -> String {
        // FNV-1a.
        let hash = key.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "seccomp:" + String(hash, radix: 16)
    }

    /// Nil for what is not there, is another's, or is damaged.
    private func read(_ path: String, _ key: [UInt8]) -> [UInt64]? {
        guard let bytes = try? Descriptor.workingDirectory.readFile(path, limit: 8 << 20), bytes.starts(with: key)
        else {
            return nil
        }
        let program = bytes.dropFirst(key.count)
        guard !program.isEmpty, program.count % 8 == 0 else { return nil }
        return SeccompFilter.instructions(program)
    }

    /// A reader sees a whole file or none; a failure costs nothing but time.
    private func write(_ instructions: [UInt64], _ path: String, _ key: [UInt8]) {
        let directory = Descriptor.workingDirectory
        let temporary = "\(path):\(ThisProcess.pid)"
        let program = instructions.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        do {
            let file = try directory.open(temporary, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
            try file.descriptor.writeAll(key + program)
            try directory.rename(temporary, to: path)
        } catch { try? directory.removeFile(temporary) }
    }
}

/// All that a program follows from, each part with its length before it, so that no two profiles look the same.
private struct SeccompKey {
    private(set) var bytes: [UInt8] = []

    init(_ seccomp: Seccomp) {
        add(["2", SeccompLibrary.version, seccomp.defaultAction.rawValue, Self.text(seccomp.defaultErrnoRet)])
        add(seccomp.architectures ?? [])
        for rule in seccomp.syscalls ?? [] {
            add([rule.action.rawValue, Self.text(rule.errnoRet)] + rule.names)
            add((rule.args ?? []).map { "\($0.index) \($0.op.rawValue) \($0.value) \(Self.text($0.valueTwo))" })
        }
        add([])
        bytes.insert(contentsOf: "\(bytes.count):".utf8, at: 0)
    }

    private static func text(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "-" }

    private mutating func add(_ texts: [String]) {
        bytes += "\(texts.count):".utf8
        for text in texts {
            bytes += "\(text.utf8.count):".utf8
            bytes += text.utf8
        }
    }
}
