internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

extension SetupPlan {
    /// Who the container's cgroup is handed to, as the host numbers users: config-linux.md, "Cgroup ownership". Only to
    /// one who sees it as the root of a cgroup namespace, and may write to it.
    func cgroupOwner(_ configuration: RuntimeConfiguration) -> UInt32? {
        guard namespaces.created.contains(.cgroup), let user = configuration.process?.user.uid else { return nil }
        let isWritable = (configuration.mounts ?? []).contains { mount in
            mount.type == "cgroup" && !(mount.options ?? []).contains("ro")
        }
        guard isWritable else { return nil }
        guard namespaces.has(.user) else { return user == 0 ? nil : user }
        return namespaces.uidMappings.lazy.compactMap { $0.host(of: user) }.first
    }
}

extension IDMapping {
    /// The number outside of the namespace that `id` inside of it stands for.
    fileprivate func host(of id: UInt32) -> UInt32? {
        guard id >= containerID, id - containerID < size else { return nil }
        let (number, isTooLarge) = hostID.addingReportingOverflow(id - containerID)
        return isTooLarge ? nil : number
    }
}
