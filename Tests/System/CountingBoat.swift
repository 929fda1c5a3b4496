import Harness
import LinuxKernel

/// A supervisor with a container `boat`, which counts in its log until SIGTERM ends it with 9.
struct CountingBoat {
    let scratch: Scratch
    let supervisor: Supervisor

    init() throws {
        scratch = try Scratch()
        supervisor = try Supervisor(in: scratch)
        try supervisor.importBusybox()
    }

    /// Makes the boat, and waits until it counts.
    func start(_ options: String...) throws {
        let script = "trap 'exit 9' TERM; while :; do echo $((n += 1)); sleep 0.05; done"
        try supervisor.wherry(
            ["run", "-d", "--name", "boat"] + options + ["busybox", "sh", "-c", script]
        ).succeed()
        try eventually("it counts") { try lines() > 0 }
    }

    /// How many lines its log has.
    func lines() throws -> Int { try supervisor.wherry("logs", "boat").succeed().split(separator: "\n").count }

    func inspect(_ template: String) throws -> String {
        try supervisor.wherry("inspect", "--format", template, "boat").succeed().replacing("\n", with: "")
    }

    /// What happened to containers since `moment`, in words.
    func events(since moment: Timestamp) throws -> [String] {
        try supervisor.wherry(
            "events", "--since", "\(moment)", "--until", "\(Timestamp.now)", "--format", "{{.Action}}"
        ).succeed().split(separator: "\n").map(String.init)
    }
}
