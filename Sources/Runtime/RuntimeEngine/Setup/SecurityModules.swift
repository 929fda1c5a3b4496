internal import LinuxKernel
internal import SetupPlan

/// Security modules that this kernel runs.
enum SecurityModules {
    /// Refuses labels that nothing would enforce.
    static func check(_ plan: SetupPlan) throws(RuntimeError) {
        if let label = plan.mountLabel, !isSELinuxOn { throw refusal("linux.mountLabel", label, "SELinux") }
        for step in plan.steps {
            guard case .setSecurityLabel(let label) = step else { continue }
            switch label {
            case .appArmor(let profile):
                guard isAppArmorOn else { throw refusal("process.apparmorProfile", profile, "AppArmor") }
            case .seLinux(let context):
                guard isSELinuxOn else { throw refusal("process.selinuxLabel", context, "SELinux") }
            }
        }
    }

    private static func refusal(_ member: String, _ label: String, _ module: String) -> RuntimeError {
        RuntimeError(
            .notSupported, "\(member): \"\(label)\": this kernel does not run \(module): remove the member")
    }

    static var isAppArmorOn: Bool {
        (try? Descriptor.workingDirectory.readFile("/sys/module/apparmor/parameters/enabled", limit: 16))?.first
            == UInt8(ascii: "Y")
    }

    static var isSELinuxOn: Bool { (try? Descriptor.workingDirectory.exists("/sys/fs/selinux/enforce")) == true }
}
