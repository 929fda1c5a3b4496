import RuntimeSpec
import SetupPlan

/// A small configuration that is right.
func configuration(_ change: (inout RuntimeConfiguration) -> Void = { _ in }) -> RuntimeConfiguration {
    var configuration = RuntimeConfiguration(ociVersion: "1.3.0", root: Root(path: "rootfs"))
    configuration.process = Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/")
    configuration.linux = Linux(
        namespaces: [
            .init(type: .mount), .init(type: .pid), .init(type: .uts), .init(type: .ipc), .init(type: .network),
        ])
    change(&configuration)
    return configuration
}

func plan(_ change: (inout RuntimeConfiguration) -> Void = { _ in }) throws(SetupRefusal) -> SetupPlan {
    try SetupPlan(configuration(change), PlanCircumstances(id: "test", bundle: "/bundle"))
}

/// Every reason to refuse the configuration, `member: problem`.
func refusals(_ change: (inout RuntimeConfiguration) -> Void) -> [String] {
    do throws(SetupRefusal) {
        _ = try plan(change)
        return []
    } catch { return error.reasons.map { "\($0.member): \($0.problem)" } }
}

extension SetupPlan {
    func index(of step: SetupStep) -> Int? { steps.firstIndex(of: step) }
}
