internal import RuntimeSpec

/// What a process of `exec` is to be.
enum ExecProcess {
    static func describe(_ source: ExecOptions.Source, _ configuration: RuntimeConfiguration) throws(RuntimeError)
        -> Process
    {
        switch source {
        case .document(let process): return completed(process, from: configuration.process)
        case .changes(let changes):
            guard let own = configuration.process else {
                throw RuntimeError(.invalidConfiguration, "the container has no process: give --process")
            }
            return try changed(own, changes)
        }
    }

    /// What a document leaves out is as in the container's own process: the same as with runc.
    private static func completed(_ process: Process, from own: Process?) -> Process {
        guard let own else { return process }
        var process = process
        if (process.rlimits ?? []).isEmpty { process.rlimits = own.rlimits }
        if (process.apparmorProfile ?? "").isEmpty { process.apparmorProfile = own.apparmorProfile }
        if (process.selinuxLabel ?? "").isEmpty { process.selinuxLabel = own.selinuxLabel }
        process.capabilities = process.capabilities ?? own.capabilities
        process.user.umask = process.user.umask ?? own.user.umask
        process.scheduler = process.scheduler ?? own.scheduler
        process.ioPriority = process.ioPriority ?? own.ioPriority
        process.execCPUAffinity = process.execCPUAffinity ?? own.execCPUAffinity
        return process
    }

    private static func changed(_ own: Process, _ changes: ExecChanges) throws(RuntimeError) -> Process {
        var process = own
        process.args = changes.args
        process.cwd = changes.cwd ?? own.cwd
        process.env = (own.env ?? []) + changes.env
        process.terminal = changes.terminal
        process.noNewPrivileges = changes.noNewPrivileges ?? own.noNewPrivileges
        process.apparmorProfile = changes.apparmorProfile ?? own.apparmorProfile
        process.selinuxLabel = changes.selinuxLabel ?? own.selinuxLabel
        if let user = changes.user { try set(user, &process.user) }
        if !changes.additionalGids.isEmpty {
            process.user.additionalGids = (own.user.additionalGids ?? []) + changes.additionalGids
        }
        if !changes.capabilities.isEmpty { add(changes.capabilities, &process) }
        return process
    }

    /// Numbers that fit, and nothing else (uid-overflow).
    private static func set(_ text: String, _ user: inout User) throws(RuntimeError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt32($0) }
        guard (1...2).contains(parts.count), numbers.count == parts.count else {
            throw RuntimeError(.invalidConfiguration, "--user \(text): expected UID or UID:GID, as numbers")
        }
        user.uid = numbers[0]
        if numbers.count == 2 { user.gid = numbers[1] }
    }

    /// Never to the inheritable set (inheritable-caps).
    private static func add(_ names: [String], _ process: inout Process) {
        var sets = process.capabilities ?? Capabilities()
        sets.bounding = (sets.bounding ?? []) + names
        sets.effective = (sets.effective ?? []) + names
        sets.permitted = (sets.permitted ?? []) + names
        sets.ambient = (sets.ambient ?? []) + names
        process.capabilities = sets
    }
}

/// `--cgroup`: `PATH`, or `CONTROLLER[,CONTROLLER…]:PATH`.
enum ExecCgroups {
    static func places(_ words: [String]) throws(RuntimeError) -> [String: String] {
        var places: [String: String] = [:]
        for word in words {
            guard let colon = word.firstIndex(of: ":") else {
                places[""] = word
                continue
            }
            let path = String(word[word.index(after: colon)...])
            for controller in word[..<colon].split(separator: ",") { places[String(controller)] = path }
        }
        return places
    }
}
