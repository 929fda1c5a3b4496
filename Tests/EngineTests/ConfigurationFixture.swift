import ImageSpec
import LineProtocol
import LinuxKernel
import RuntimeSpec

@testable import Engine

/// A machine that has everything, whatever this one has.
let wholeMachine = Machine(
    architecture: "x86_64", kernel: "6.1.0-18-amd64", hostname: "machine", cgroups: .v2, operatingSystem: "Linux",
    processors: 4, memory: 8 << 30, capabilities: CapabilityNames.all, hasAppArmor: true, canLimitSwap: true,
    canWeighBlockIO: true,
    thermalThrottles: ["/sys/devices/system/cpu/cpu0/thermal_throttle"])

/// The same with cgroup v1 and without AppArmor and CAP_SYS_RESOURCE.
let poorMachine = Machine(
    architecture: "x86_64", kernel: "6.1.0-18-amd64", hostname: "machine", cgroups: .v1, operatingSystem: "Linux",
    processors: 2, memory: 8 << 30, capabilities: CapabilityNames.all.filter { $0 != "CAP_SYS_RESOURCE" },
    hasAppArmor: false, canLimitSwap: false, canWeighBlockIO: false, thermalThrottles: [])

/// What becomes of a container that was made with what `change` asks for.
func configuration(
    _ surroundings: Surroundings = Surroundings(user: User(uid: 0, gid: 0)), on machine: Machine = wholeMachine,
    _ change: (inout ContainerSpecification) -> Void = { _ in }
) throws -> RuntimeConfiguration {
    var wanted = ContainerSpecification(image: "x")
    wanted.command = ["true"]
    change(&wanted)
    try SpecificationCheck(machine).check(wanted)
    let id = String(repeating: "a", count: 64)
    let mounts = try MountRules.mounts(wanted, image: ContainerDefaults()).map {
        ContainerMount(kind: $0.kind, source: $0.source ?? "/v", target: $0.target, isReadOnly: $0.readOnly)
    }
    let record = ContainerRecord(
        id: id, name: "c", created: .now, image: "x",
        imageID: try Digest("sha256:" + String(repeating: "0", count: 64)), specification: wanted,
        configuration: try ContainerConfiguration(
            wanted, image: ContainerDefaults(), id: id, networkName: "machine"), mounts: mounts)
    return try RuntimeConfiguration(
        record, surroundings, paths: ContainerPaths(lasting: "/root/c", bundle: "/state/c"), machine: machine)
}

/// Why it is refused; nil when it is not.
func refusal(on machine: Machine = wholeMachine, _ change: (inout ContainerSpecification) -> Void) -> ProtocolFailure? {
    do { _ = try configuration(on: machine, change) } catch { return error as? ProtocolFailure }
    return nil
}
