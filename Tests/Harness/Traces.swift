import LinuxKernel
public import Testing

/// What programs of this kind may leave on a machine, as it stands at one moment.
public struct Traces: Sendable {
    private let found: [String: Set<String>]

    /// As it was before the first test.
    public static let atStart = Traces.now()

    public static func now() -> Traces {
        Traces(found: [
            "mount": Set(MountTable.ofThisProcess.points.filter { !isOfOthers($0) }),
            "cgroup": Set(cgroups(below: "/sys/fs/cgroup", depth: 6)),
            "network link": Set(Files.names(in: "/sys/class/net")),
            "named network namespace": Set(Files.names(in: "/run/netns")),
            "firewall rule": Set(rules()),
            "state in /run": Set(["/run", "/var/lib"].flatMap(wherryNames)),
            "process": Set(Orphans.living().map(\.description)),
        ])
    }

    /// What is here and was not there.
    public func added(since before: Traces) -> [String] {
        found.flatMap { kind, names in
            names.subtracting(before.found[kind] ?? []).sorted().map { "\(kind): \($0)" }
        }.sorted()
    }

    /// Directories of the cgroup file systems that our programs and tests made: the machine makes others.
    private static func cgroups(below path: String, depth: Int) -> [String] {
        guard depth > 0, let entries = try? Descriptor.workingDirectory.entries(of: path) else { return [] }
        return entries.filter { $0.kind == .directory }.flatMap { name, _ in
            let below = cgroups(below: path + "/" + name, depth: depth - 1)
            return ["wherry", "libpod"].contains { name.contains($0) } ? [path + "/" + name] + below : below
        }
    }

    /// Engines of others that run meanwhile mount in their own folders; ours, and a leak, would be anywhere else.
    private static func isOfOthers(_ mount: String) -> Bool {
        ["/tmp/", "/run/", "/var/lib/"].contains { mount.hasPrefix($0) } && !mount.contains("wherry")
    }

    private static func rules() -> [String] {
        guard let path = try? Programs.found("nft"), let outcome = try? Command(path, ["list", "ruleset"]).run() else {
            return []
        }
        return outcome.lines
    }

    /// What programs of ours keep where they are not told otherwise. Folders stay, and so do compiled seccomp filters.
    private static func wherryNames(in directory: String) -> [String] {
        Files.names(in: directory).filter { $0.hasPrefix("wherry") }.flatMap { name in
            Files.names(in: "\(directory)/\(name)").filter { !$0.hasPrefix("seccomp:") }
                .map { "\(directory)/\(name)/\($0)" }
        }
    }
}

/// Compares the machine before and after each test: what a test leaves behind is its failure.
public struct LeavesNothingBehind: SuiteTrait, TestTrait, TestScoping {
    public var isRecursive: Bool { true }

    @concurrent public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try Machine.requireRoot()
        _ = Traces.atStart
        let before = Traces.now()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await function()) } catch { outcome = .failure(error) }
        checkNothingIsLeft(since: before)
        try outcome.get()
    }
}

/// Ends of containers are told before the last of their processes is gone: traces get a moment to vanish.
public func checkNothingIsLeft(since before: Traces) {
    var left: [String] = []
    try? eventually("nothing is left behind", within: 3) {
        left = Traces.now().added(since: before)
        return left.isEmpty
    }
    for trace in left { Issue.record("left behind: \(trace)") }
    try? Orphans.killAll()
}

extension Trait where Self == LeavesNothingBehind {
    public static var leavesNothingBehind: Self { Self() }
}
