internal import CommandKit
internal import LineProtocol

/// `--restart`
enum RestartArgument {
    static func parse(_ text: String) throws(CommandFailure) -> RestartPolicy {
        do { return try RestartPolicy(parsing: text) } catch { throw refusal(error.message) }
    }
}
