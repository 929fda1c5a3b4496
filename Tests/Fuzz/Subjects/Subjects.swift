internal import Cgroups
internal import RuntimeSpec
internal import SetupPlan

/// What is fuzzed: every document that the runtime reads from others, the plan that it makes of it, names of cgroups
/// among them, and what the line protocol carries.
///
/// An input is mostly one JSON document. It is read as each of the kinds that there are, as nearly all inputs are no valid
/// document of most of them. Nothing is expected of a document that is refused; of one that is read, that it says the
/// same once written and read again.
public enum Subjects {
    /// A broken promise traps, as any other defect does: libFuzzer keeps the input, a test names its file.
    public static func examine(_ bytes: [UInt8]) {
        if let configuration = read(bytes, as: RuntimeConfiguration.self) { plan(configuration) }
        if let process = read(bytes, as: Process.self) { join(Linux(), process) }
        if let profile = read(bytes, as: Seccomp.self) { plan(profile) }
        CgroupSubjects.examine(String(decoding: bytes, as: UTF8.self))
        _ = read(bytes, as: Resources.self)
        _ = read(bytes, as: State.self)
        ProtocolSubjects.examine(bytes)
    }

    private static func read<Value: JSONReadable & Encodable & Equatable>(_ bytes: [UInt8], as type: Value.Type)
        -> Value?
    {
        do throws(RuntimeSpecError) {
            let value = try Value(parsing: bytes)
            checkRoundTrip(value)
            return value
        } catch {
            precondition(!error.description.isEmpty, "a refusal says why")
            return nil
        }
    }

    private static func checkRoundTrip<Value: JSONReadable & Encodable & Equatable>(_ value: Value) {
        do throws(RuntimeSpecError) {
            let again = try Value(parsing: Array(JSONValue(encoding: value).line.utf8))
            precondition(again == value, "\(value) became \(again)")
        } catch { preconditionFailure("\(error): \(value)") }
    }

    /// As `create` and `run` do, and as `exec` does in such a container.
    private static func plan(_ configuration: RuntimeConfiguration) {
        do throws(SetupRefusal) {
            let plan = try SetupPlan(configuration, PlanCircumstances(id: "fuzzed", bundle: "/bundle"))
            precondition(plan.steps.last == .execute, "a plan ends with the program")
        } catch { check(error) }
        if let process = configuration.process { join(configuration.linux, process) }
    }

    /// A profile alone, as a container's, which is sooner found than one inside of a whole configuration.
    private static func plan(_ profile: Seccomp) {
        var configuration = RuntimeConfiguration(ociVersion: "1.3.0", root: Root(path: "rootfs"))
        configuration.process = Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/")
        configuration.linux = Linux(namespaces: [Namespace(type: .mount)], seccomp: profile)
        plan(configuration)
    }

    private static func join(_ linux: Linux?, _ process: Process) {
        do throws(SetupRefusal) {
            let plan = try SetupPlan(joining: linux, process)
            precondition(plan.steps.last == .execute, "a plan ends with the program")
        } catch { check(error) }
    }

    private static func check(_ refusal: SetupRefusal) {
        precondition(!refusal.reasons.isEmpty, "a refusal has reasons")
        precondition(!refusal.description.isEmpty, "a refusal says why")
    }
}
