internal import BlockingThreads
internal import CCrypt
internal import ContentStore
internal import ImageSpec
internal import Synchronization

/// Users and their passwords, as htpasswd(1) writes them with `-B`: `NAME:HASH`, a line each. Only bcrypt is taken:
/// what else htpasswd writes is broken in no time.
public final class PasswordFile: Sendable {
    private let hashes: RereadFile<[String: String]>
    /// Digests of names and passwords that were right, each with the hash that said so: a new hash makes them void.
    /// bcrypt is slow on purpose, and clients send both every time.
    private let known = Mutex<Set<Digest>>([])

    /// Reads the file at once, so that a server does not start with one that it cannot read.
    public init(path: String) throws(AccessFileError) {
        hashes = try RereadFile(path: path) { bytes throws(AccessFileError) in try Self.parse(bytes, path) }
    }

    /// Whether `name` has this password. Blocks, for as long as bcrypt takes.
    func accepts(name: String, password: String) -> Bool {
        guard let hash = hashes.content[name],
            let proof = try? Digest.of(Array("\(name)\n\(hash)\n\(password)".utf8))
        else { return false }
        if known.withLock({ $0.contains(proof) }) { return true }
        guard Self.hash(of: password, like: hash) == hash else { return false }
        known.withLock { known in
            if known.count >= 1024 { known.removeAll() }
            known.insert(proof)
        }
        return true
    }

    static func parse(_ bytes: [UInt8], _ path: String) throws(AccessFileError) -> [String: String] {
        var hashes: [String: String] = [:]
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[1].hasPrefix("$2") else {
                throw AccessFileError(
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
