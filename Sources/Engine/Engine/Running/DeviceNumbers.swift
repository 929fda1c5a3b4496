internal import LineProtocol
internal import LinuxKernel

/// Major and minor numbers of the host's block devices that limits name, by path.
struct DeviceNumbers: Sendable, Hashable {
    struct Number: Sendable, Hashable {
        let major: Int64
        let minor: Int64
    }
    private var numbers: [String: Number] = [:]

    init() {}

    /// Looks for them on the host. Blocks.
    init(of resources: ContainerResources) throws(ProtocolFailure) {
        let all = [
            resources.blockDeviceWeights, resources.readBytes, resources.writeBytes, resources.readOperations,
            resources.writeOperations,
        ]
        for path in Set(all.flatMap { $0 ?? [] }.map(\.path)).sorted() {
            let status: FileStatus
            do throws(SystemError) { status = try Descriptor.workingDirectory.status(of: path) } catch {
                throw ProtocolFailure(.invalidArgument, "a limit names the device \(path): \(error)")
            }
            guard status.kind == .blockDevice else {
                throw ProtocolFailure(.invalidArgument, "a limit names the device \(path): it is no block device")
            }
            numbers[path] = Number(major: Int64(status.deviceMajor), minor: Int64(status.deviceMinor))
        }
    }

    subscript(path: String) -> Number? { numbers[path] }
}
