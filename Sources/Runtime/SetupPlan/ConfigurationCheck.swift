internal import LinuxKernel
internal import RuntimeSpec

/// What must hold of a configuration as a whole, and what this runtime does not know.
struct ConfigurationCheck {
    let configuration: RuntimeConfiguration
    init(_ configuration: RuntimeConfiguration) { self.configuration = configuration }

    func run(_ refusals: inout Refusals) {
        checkVersion(&refusals)
        checkPresence(&refusals)
        checkNamespaces(&refusals)
        checkHooks(&refusals)
        refuseUnknown(&refusals)
    }

    private func checkVersion(_ refusals: inout Refusals) {
        let version = configuration.ociVersion
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].allSatisfy(\.isNumber), parts[1].allSatisfy(\.isNumber),
            parts[2].first?.isNumber == true
        else {
            refusals.invalid("ociVersion", "\"\(version)\" is not a version such as \(specificationVersion)")
            return
        }
        if parts[0] != "1" {
            refusals.unsupported("ociVersion", "\(version) is not supported, only 1.x.y is")
        }
    }

    private func checkPresence(_ refusals: inout Refusals) {
        if configuration.process == nil { refusals.invalid("process", "is missing") }
        guard let root = configuration.root else {
            refusals.invalid("root", "is missing")
            return
        }
        if root.path.isEmpty { refusals.invalid("root.path", "must not be empty") }
    }

    private func checkNamespaces(_ refusals: inout Refusals) {
        let hasOwnNames = (configuration.linux?.namespaces ?? []).contains { $0.type == .uts }
        for (member, value) in [("hostname", configuration.hostname), ("domainname", configuration.domainname)]
        where !(value ?? "").isEmpty && !hasOwnNames {
            refusals.invalid(member, "needs a uts namespace in linux.namespaces")
        }
    }

    private func checkHooks(_ refusals: inout Refusals) {
        guard let hooks = configuration.hooks else { return }
        let all: [(String, [Hook]?)] = [
            ("prestart", hooks.prestart), ("createRuntime", hooks.createRuntime),
            ("createContainer", hooks.createContainer), ("startContainer", hooks.startContainer),
            ("poststart", hooks.poststart), ("poststop", hooks.poststop),
        ]
        for (name, list) in all {
            for (index, hook) in (list ?? []).enumerated() {
                if !hook.path.hasPrefix("/") {
                    refusals.invalid("hooks.\(name)[\(index)].path", "\"\(hook.path)\" must be an absolute path")
                }
                if let timeout = hook.timeout, timeout <= 0 {
                    refusals.invalid("hooks.\(name)[\(index)].timeout", "must be more than 0")
                }
            }
        }
    }

    /// Members that the specification knows and this runtime does not carry out: never ignored.
    private func refuseUnknown(_ refusals: inout Refusals) {
        if configuration.vm != nil { refusals.unsupported("vm") }
        guard let linux = configuration.linux else { return }
        if let propagation = linux.rootfsPropagation, !propagation.isEmpty,
            MountOptions.propagations[propagation] == nil
        {
            refusals.invalid("linux.rootfsPropagation", "\"\(propagation)\" is no kind of propagation")
        }
    }
}
