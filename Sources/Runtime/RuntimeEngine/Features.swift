public import RuntimeSpec
internal import SetupPlan

extension Features {
    /// What this runtime can do: features.md and features-linux.md.
    public static var ofThisRuntime: Features {
        Features(
            ociVersionMin: "1.0.0", ociVersionMax: specificationVersion,
            hooks: ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
            mountOptions: MountOptions.knownNames,
            linux: LinuxFeatures(
                namespaces: NamespaceType.allCases.map(\.rawValue).sorted(),
                cgroup: CgroupFeatures(v1: true, v2: true, systemd: true, systemdUser: true, rdma: true),
                seccomp: .ofThisRuntime, selinux: FeatureSwitch(enabled: false),
                intelRdt: IntelRdtFeatures(enabled: false),
                mountExtensions: MountExtensions(idmap: FeatureSwitch(enabled: true))),
            annotations: ["io.github.seccomp.libseccomp.version": SeccompLibrary.version])
    }
}
