internal import LinuxKernel

// The handshake between the runtime and a container's first process, from left to right in time. What stands in
// brackets is there only when it is needed; a process of `exec` has the same without hooks.
//
//   runtime  ──┬ clone3 ┬─ id maps ─ proceed ─────────┬─ hooks, limits ─ proceed ──────────────┬─ [start] ─▶ end of file
//              │        │               │             │             │                          │      │         │
//   [joiner]   └ setns ─┴ born ─▶ ends  │             │             │                          │      │         │
//   process              └─────── waits ┴ mounts ─ mounted ── waits ┴ [terminal] ─ pivot ─ [limits] ─ ready ─ waits ─ exec
//
// Whatever fails in the process is told as `failed`, at any moment, and ends it. A runtime that ends takes the process
// with it until `ready`. A process that need not be born into its cgroups makes its namespaces while the runtime makes
// those, and then waits for `cgroups` and a `proceed`. The runtime hears `born` before all else: until it answers that with a `proceed` of its own,
// a process that a joiner made says nothing. While it mounts, a process in a user namespace may say `needs mount`, once
// for each that it may not open, and waits for it. Once it is under a filter that asks an agent, which is before `ready`,
// it says `listening`, and waits until the runtime has the filter's descriptor.

/// What comes from the container's side.
enum SetupMessage: Hashable {
    /// From the joiner: the process that will be the container's, and by descriptor a pidfd of it.
    case born(pid: Int32, Descriptor)
    /// The process may not open a mount itself; it waits for it.
    case needsMount(WantedMount)
    /// From a copy of the runtime that visits the container's mount namespace: a mount, attached nowhere.
    case mount(Descriptor)
    /// Mounts and devices are there; the process waits for `proceed`.
    case mounted
    /// By descriptor the master of the process's terminal.
    case terminal(Descriptor)
    /// The process is under a filter whose agent is still to get this descriptor of the process's; it waits for
    /// `proceed`.
    case listening(Int32)
    /// The process may not set its limits itself; it waits for `proceed`.
    case limits
    /// Only `start` is missing.
    case ready
    case failed(RuntimeError)

    var name: String {
        switch self {
        case .born: "born"
        case .needsMount: "needs mount"
        case .mount: "mount"
        case .mounted: "mounted"
        case .terminal: "terminal"
        case .listening: "listening"
        case .limits: "limits"
        case .ready: "ready"
        case .failed: "failed"
        }
    }
}

/// What the runtime opens for a process that may not.
enum WantedMount: Hashable {
    case root
    /// By its position in `mounts`.
    case source(Int)
}

/// What the runtime answers; with `mount` comes a descriptor, with `cgroups` some of those of the cgroups to enter.
enum SetupAnswer: UInt8 { case proceed = 0x70, start = 0x73, mount = 0x6f, cgroups = 0x67 }

// MARK: As bytes

extension SetupMessage {
    /// One letter, and what belongs to it; descriptors travel beside it.
    var bytes: [UInt8] {
        switch self {
        case .born(let pid, _): Array("b\(pid)".utf8)
        case .needsMount(.root): Array("n".utf8)
        case .needsMount(.source(let index)): Array("n\(index)".utf8)
        case .mount: Array("o".utf8)
        case .mounted: Array("m".utf8)
        case .terminal: Array("t".utf8)
        case .listening(let number): Array("a\(number)".utf8)
        case .limits: Array("l".utf8)
        case .ready: Array("r".utf8)
        case .failed(let error): Array("f\(error.kind.rawValue) \(error.message)".utf8)
        }
    }

    var descriptors: [Descriptor] {
        switch self {
        case .born(_, let descriptor), .terminal(let descriptor), .mount(let descriptor): [descriptor]
        default: []
        }
    }

    init?(_ bytes: [UInt8], _ descriptors: [Descriptor]) {
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch (bytes.first.map { Character(Unicode.Scalar($0)) }, descriptors.first) {
        case ("b", let descriptor?):
            guard let pid = Int32(text) else { return nil }
            self = .born(pid: pid, descriptor)
        case ("n", nil):
            guard let wanted = WantedMount(text) else { return nil }
            self = .needsMount(wanted)
        case ("o", let descriptor?): self = .mount(descriptor)
        case ("m", nil): self = .mounted
        case ("t", let descriptor?): self = .terminal(descriptor)
        case ("a", nil):
            guard let number = Int32(text) else { return nil }
            self = .listening(number)
        case ("l", nil): self = .limits
        case ("r", nil): self = .ready
        case ("f", nil):
            guard let error = RuntimeError(line: text) else { return nil }
            self = .failed(error)
        default: return nil
        }
    }
}

extension WantedMount {
    fileprivate init?(_ text: String) {
        if text.isEmpty {
            self = .root
        } else if let index = Int(text) {
            self = .source(index)
        } else {
            return nil
        }
    }
}

extension RuntimeError {
    /// `KIND MESSAGE`, as it passes between processes.
    var line: String { "\(kind.rawValue) \(message)" }

    init?(line: String) {
        guard let space = line.firstIndex(of: " "), let kind = Kind(rawValue: String(line[..<space])) else {
            return nil
        }
        self.init(kind, String(line[line.index(after: space)...]))
    }
}
