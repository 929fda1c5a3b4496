internal import BlockingThreads
internal import CCrypt
internal import ContentStore
internal import ImageSpec
internal import LinuxKernel
internal import Synchronization

/// Users and their passwords, as htpasswd(1) writes them with `-B`: `NAME:HASH`, a line each. Only bcrypt is taken:
/// what else htpasswd writes is broken in no time.
public final class PasswordFile: Sendable {
    private struct State {
        var modified: Timestamp?
        var hashes: [String: String] = [:]
        /// Digests of names and passwords that were right. bcrypt is slow on purpose, and clients send both every time.
        var known: Set<Digest> = []
    }

    private let path: String
    private let state = Mutex(State())

    /// Reads the file at once, so that a server does not start with one that it cannot read.
    public init(path: String) throws(PasswordFileError) {
        self.path = path
        try refresh()
    }

    /// Whether `name` has this password. Blocks, for as long as bcrypt takes.
    func accepts(name: String, password: String) -> Bool {
        // A file that is being replaced is looked at again next time: what was read stays.
        try? refresh()
        guard let hash = state.withLock({ $0.hashes[name] }),
            let proof = try? Digest.of(Array("\(name)\n\(hash)\n\(password)".utf8))
        else { return false }
        if state.withLock({ $0.known.contains(proof) }) { return true }
        guard Self.hash(of: password, like: hash) == hash else { return false }
        state.withLock { state in
            if state.known.count >= 1024 { state.known.removeAll() }
            state.known.insert(proof)
        }
        return true
    }

    private func refresh() throws(PasswordFileError) {
        let bytes: [UInt8]
        let modified: Timestamp
        do throws(SystemError) {
            let time = try Descriptor.workingDirectory.status(of: path).modified
            modified = Timestamp(nanoseconds: UInt64(max(0, time.seconds)) * 1_000_000_000 + UInt64(time.nanoseconds))
            if state.withLock({ $0.modified == modified }) { return }
            bytes = try Descriptor.workingDirectory.readFile(path, limit: 1 << 20)
        } catch { throw PasswordFileError(reason: "\(error)") }
        let hashes = try Self.parse(bytes, path)
        state.withLock { state in
            state.hashes = hashes
            state.modified = modified
            state.known.removeAll()
        }
    }

    static func parse(_ bytes: [UInt8], _ path: String) throws(PasswordFileError) -> [String: String] {
        var hashes: [String: String] = [:]
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[1].hasPrefix("$2") else {
                throw PasswordFileError(
                    reason: "\(path), line \(number + 1): must be NAME:HASH with bcrypt's hash; htpasswd -B makes it")
            }
            hashes[String(sides[0])] = String(sides[1])
        }
        return hashes
    }

    /// crypt_r(3): nil for what it cannot hash.
    private static func hash(of password: String, like setting: String) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: crypt_data.self, capacity: 1) { buffer in
            guard let data = buffer.baseAddress else { return nil }
            unsafe data.initialize(to: crypt_data())
            guard let answer = unsafe crypt_r(password, setting, data) else { return nil }
            return unsafe String(cString: answer)
        }
    }
}

public struct PasswordFileError: Error, Hashable, Sendable, CustomStringConvertible {
    let reason: String
    public var description: String { reason }
}
