import LinuxKernel

/// wherry-registry on a port of its own, with a root in a scratch folder. It ends with the last reference.
public final class RegistryProgram {
    public let root: String
    /// `127.0.0.1:PORT`.
    public let address: String
    public let program: RunningProgram
    private let scheme: String

    public init(in scratch: Scratch, _ options: [String] = [], root: String = "registry") throws {
        self.root = scratch(root)
        scheme = options.contains("--tls-certificate") ? "https" : "http"
        let command = Command(
            try Programs.ours("wherry-registry"),
            ["serve", "--root", self.root, "--listen", "127.0.0.1:0"] + options)
        program = try command.start()
        try program.waitForErrors("answers on ")
        let said = program.errorsSoFar.split(separator: "answers on ")
        guard said.count > 1, let address = said[1].split(separator: " ").first else {
            throw HarnessError("wherry-registry does not say where it answers: \(program.errorsSoFar)")
        }
        self.address = String(address)
    }

    /// Ends it as a service manager does, and waits.
    @discardableResult
    public func stop() throws -> Outcome {
        try program.signal(Signal.terminate)
        return try program.wait()
    }

    /// An HTTP request by curl; answers the status and the body.
    public func request(_ method: String, _ path: String, _ options: [String] = []) throws -> (
        status: Int, body: String
    ) {
        let arguments = [
            "--silent", "--show-error", "--path-as-is", "--request", method, "--write-out", "\n%{http_code}",
        ]
        let output = try Command("curl", arguments + options + ["\(scheme)://\(address)\(path)"]).succeed()
        let cut = output.lastIndex(of: "\n") ?? output.startIndex
        return (Int(output[cut...].dropFirst()) ?? 0, String(output[..<cut]))
    }
}
