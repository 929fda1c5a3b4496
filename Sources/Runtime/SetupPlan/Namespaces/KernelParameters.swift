internal import LinuxKernel
internal import RuntimeSpec

/// Kernel parameters that belong to a namespace: config-linux.md, "Sysctl". All others would change the host.
enum KernelParameters {
    private static let ipc: Set<String> = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]

    static func steps(_ linux: Linux, _ namespaces: NamespacePlan, _ refusals: inout Refusals) -> [SetupStep] {
        (linux.sysctl ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
            let dotted = normal(name)
            let parts = path(dotted).split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
                refusals.invalid("linux.sysctl", "\(name) is not the name of a kernel parameter")
                return nil
            }
            guard let kind = namespace(of: dotted) else {
                refusals.invalid("linux.sysctl", "\(name) does not belong to a namespace and would change the host")
                return nil
            }
            guard namespaces.has(kind) else {
                refusals.invalid("linux.sysctl", "\(name) needs a namespace of its own in linux.namespaces")
                return nil
            }
            return .setParameter(path: path(dotted), value: value)
        }
    }

    private static func namespace(of name: String) -> NamespaceKinds? {
        if ipc.contains(name) || name.hasPrefix("fs.mqueue.") { return .ipc }
        if name.hasPrefix("net.") { return .network }
        return name == "kernel.domainname" || name == "kernel.hostname" ? .uts : nil
    }

    /// With dots between the parts. sysctl(8) takes the first separator that occurs for the one that is meant:
    /// `net/ipv4/conf/eth0.1/forwarding` and `net.ipv4.conf.eth0/1.forwarding` are the same.
    private static func normal(_ name: String) -> String {
        guard let first = name.first(where: { $0 == "." || $0 == "/" }), first == "/" else { return name }
        return swapped(name)
    }

    private static func path(_ dotted: String) -> String { swapped(dotted) }

    private static func swapped(_ name: String) -> String {
        String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
}
