internal import Glibc

/// What uname(2) tells.
public struct SystemIdentity: Sendable, Hashable {
    /// `6.1.0-18-amd64`.
    public let release: String
    /// `x86_64`, `aarch64`.
    public let machine: String
    /// The machine's host name.
    public let node: String

    public static var current: SystemIdentity {
        var name = utsname()
        uname(&name)
        return SystemIdentity(release: text(name.release), machine: text(name.machine), node: text(name.nodename))
    }

    /// How many processors are on.
    public static var processors: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// A C array of characters, as Swift imports it: a tuple.
    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
