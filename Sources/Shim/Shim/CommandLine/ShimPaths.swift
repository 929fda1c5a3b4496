/// Where a shim keeps its own files: beside its socket, in a directory that only its user may enter. `shim.sock`
/// makes `shim.log`, `shim.console` and so on, and so several shims may share a directory.
struct ShimPaths: Hashable, Sendable {
    let socket: String
    let directory: String
    private let stem: String

    /// `socket` is absolute.
    init(socket: String) {
        self.socket = socket
        let slash = socket.lastIndex(of: "/") ?? socket.startIndex
        directory = slash == socket.startIndex ? "/" : String(socket[..<slash])
        stem = socket.hasSuffix(".sock") ? String(socket.dropLast(5)) : socket
    }

    /// The shim's own diagnostics.
    var diagnostics: String { stem + ".log" }
    /// Of the runtime's call number `call`.
    func runtimeLog(_ call: Int) -> String { "\(stem).runtime-\(call).log" }
    func processPID(_ call: Int) -> String { "\(stem).process-\(call).pid" }
    func processDocument(_ call: Int) -> String { "\(stem).process-\(call).json" }
    func consoleSocket(_ call: Int) -> String { "\(stem).console-\(call)" }
}
