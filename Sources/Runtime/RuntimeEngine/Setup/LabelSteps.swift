internal import LinuxKernel
internal import SetupPlan

/// Labels of security modules, taken on at exec(2).
extension SetupInterpreter {
    func setLabel(_ label: SecurityLabel) throws(RuntimeError) {
        guard let files = surroundings.processFilesystem else { return }
        switch label {
        case .appArmor(let profile):
            let paths = ["self/attr/apparmor/exec", "self/attr/exec"]
            try write(label: "exec \(profile)", to: paths, files, "process.apparmorProfile: \(profile)")
        case .seLinux(let context):
            try write(label: context, to: ["self/attr/exec"], files, "process.selinuxLabel: \(context)")
        }
    }

    private func write(label: String, to paths: [String], _ files: ProcessFilesystem, _ subject: String)
        throws(RuntimeError)
    {
        try performing(subject) { () throws(SystemError) in
            // `self` is a link, which the file system of ours never follows: the number it names is.
            let own = try files.ownPath()
            let candidates = paths.map { own + $0.dropFirst("self".count) }
            let path = candidates.first { files.exists($0) } ?? candidates[0]
            try files.write(path, label)
        }
    }

    /// Under SELinux it has the process's own label.
    func joinKeyring(_ name: String) throws(RuntimeError) {
        let label = plan.steps.lazy.compactMap { step in
            if case .setSecurityLabel(.seLinux(let context)) = step { context } else { nil }
        }.first
        if let label { try labelKeys(label) }
        do {
            try ThisProcess.joinSessionKeyring(named: name, foundByOthers: plan.namespaces.has(.user))
        } catch {
            // Kernels without keyrings, and profiles that forbid them: there is none to leak then.
            if ![.notImplemented, .notPermitted].contains(error.errno) {
                throw RuntimeError("cannot join a session keyring (--no-new-keyring leaves it)", error)
            }
        }
        // An end of line stands for no label.
        if label != nil { try labelKeys("\n") }
    }

    private func labelKeys(_ label: String) throws(RuntimeError) {
        guard let files = surroundings.processFilesystem else { return }
        try write(label: label, to: ["self/attr/keycreate"], files, "process.selinuxLabel: session keyring")
    }
}
