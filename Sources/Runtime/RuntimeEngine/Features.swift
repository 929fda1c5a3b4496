internal import LinuxKernel
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
                namespaces: NamespaceType.allCases.map(\.rawValue).sorted(), capabilities: CapabilityNames.all,
                cgroup: CgroupFeatures(v1: true, v2: true, systemd: true, systemdUser: true, rdma: true),
                seccomp: .ofThisRuntime, apparmor: FeatureSwitch(enabled: true), selinux: FeatureSwitch(enabled: true),
                intelRdt: IntelRdtFeatures(enabled: true, schemata: true, monitoring: true),
                memoryPolicy: MemoryPolicyFeatures(modes: MemoryPolicies.modes.sorted(), flags: MemoryPolicies.flags),
                mountExtensions: MountExtensions(idmap: FeatureSwitch(enabled: true)),
                netDevices: FeatureSwitch(enabled: true)),
            annotations: [
                "io.github.seccomp.libseccomp.version": SeccompLibrary.version,
                // Under the name that engines know from runc.
                "org.opencontainers.runc.checkpoint.enabled": "true",
            ],
            potentiallyUnsafeConfigAnnotations: ["org.systemd.property.", "org.criu.config"])
    }
}
