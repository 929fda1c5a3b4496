internal import LineProtocol
internal import LinuxKernel

/// The small first process of `--init`: one that others made, static, so that it runs in any image.
enum InitProgram {
    /// Where the container has it.
    static let target = "/sbin/wherry-init"
    /// In the order of docker's own, Debian's tini and podman's.
    private static let names = ["docker-init", "tini-static", "catatonit"]
    private static let directories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]
    private static let elsewhere = ["/usr/libexec/podman/catatonit", "/usr/libexec/docker/docker-init"]

    /// Its path on the host.
    static func find() throws(ProtocolFailure) -> String {
        let places = names.flatMap { name in directories.map { "\($0)/\(name)" } } + elsewhere
        let found = places.first {
            guard let status = try? Descriptor.workingDirectory.status(of: $0) else { return false }
            return status.kind == .regular && status.mode & 0o111 != 0
        }
        guard let found else {
            throw ProtocolFailure(
                .notSupported,
                "--init needs one of the programs \(names.joined(separator: ", ")): install Debian's tini or catatonit")
        }
        return found
    }
}
