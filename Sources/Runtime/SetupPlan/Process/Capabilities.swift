internal import LinuxKernel
internal import RuntimeSpec

/// The five sets of a process. A set that the configuration does not name is empty (inheritable-caps).
struct CapabilityPlan {
    let bounding: CapabilitySet
    let thread: ThreadCapabilities
    let ambient: CapabilitySet

    /// `grantable`: what the runtime itself has, and so can give.
    init(_ capabilities: Capabilities?, grantable: CapabilitySet, _ refusals: inout Refusals) {
        var unknown: [(String, String)] = []
        func set(_ names: [String]?, _ member: String) -> CapabilitySet {
            CapabilityNames.set(names ?? []) { unknown.append((member, $0)) }
        }
        let wanted = set(capabilities?.permitted, "permitted")
        let permitted = wanted.intersection(grantable)
        let effective = set(capabilities?.effective, "effective")
        let inheritable = set(capabilities?.inheritable, "inheritable")
        bounding = set(capabilities?.bounding, "bounding")
        // What is not permitted and inheritable cannot be ambient: runc and crun leave it out, too.
        let wantedAmbient = set(capabilities?.ambient, "ambient")
        ambient = wantedAmbient.intersection(permitted).intersection(inheritable)
        thread = ThreadCapabilities(
            effective: effective.intersection(permitted), permitted: permitted,
            inheritable: inheritable.intersection(grantable))
        let missing = wanted.subtracting(grantable)
        if !missing.isEmpty {
            let names = CapabilityNames.names(of: missing).joined(separator: ", ")
            refusals.leaveOut("process.capabilities.permitted", "the runtime itself has no \(names): left out")
        }
        for name in CapabilityNames.names(of: wantedAmbient.subtracting(ambient)) {
            refusals.leaveOut(
                "process.capabilities.ambient",
                "can't raise ambient capability \(name): it is not both permitted and inheritable: left out")
        }
        for (member, name) in unknown {
            // config.md, "Linux Process": what cannot be granted is warned of, and is no reason to fail.
            refusals.leaveOut("process.capabilities.\(member)", "there is no capability \"\(name)\": left out")
        }
    }
}
