public import RuntimeSpec

extension Features {
    /// What this runtime can do: features.md and features-linux.md.
    public static var ofThisRuntime: Features {
        Features(
            ociVersionMin: "1.0.0", ociVersionMax: specificationVersion,
            hooks: ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
            linux: LinuxFeatures(
                namespaces: NamespaceType.allCases.map(\.rawValue).sorted(),
                cgroup: CgroupFeatures(v1: true, v2: true, systemd: false, systemdUser: false, rdma: true),
                seccomp: .ofThisRuntime, selinux: FeatureSwitch(enabled: false),
                intelRdt: IntelRdtFeatures(enabled: false)),
            annotations: ["io.github.seccomp.libseccomp.version": SeccompLibrary.version])
    }
}
