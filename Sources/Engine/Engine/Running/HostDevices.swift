internal import LineProtocol
internal import LinuxKernel
internal import RuntimeSpec

/// A device node of the host's, and where the container has it.
struct HostDevice: Sendable, Hashable {
    /// In the container.
    var path: String
    /// `c` or `b`.
    var type: String
    var major: Int64
    var minor: Int64
    var mode: UInt32
    var owner: UInt32
    var group: UInt32
    var access: String

    /// Nil for what is no device.
    init?(_ status: FileStatus, at path: String, access: String) {
        switch status.kind {
        case .characterDevice: type = "c"
        case .blockDevice: type = "b"
        default: return nil
        }
        self.path = path
        self.access = access
        (major, minor, mode) = (Int64(status.deviceMajor), Int64(status.deviceMinor), status.mode & 0o777)
        (owner, group) = (status.owner, status.group)
    }

    var device: Device {
        Device(path: path, type: type, major: major, minor: minor, fileMode: mode, uid: owner, gid: group)
    }

    var rule: DeviceRule { DeviceRule(allow: true, type: type, major: major, minor: minor, access: access) }
}

/// Looks for devices on the host, when a container starts. Blocks.
enum HostDevices {
    /// What lies in `/dev` and is no device of the machine's, but of each container's own.
    private static let ofContainers: Set<String> = ["pts", "shm", "fd", "mqueue", "console", ".udev"]

    static func find(for security: ContainerSecurity) throws(ProtocolFailure) -> [HostDevice] {
        var found: [HostDevice] = []
        if security.privileged { found = devices(below: "/dev", as: "/dev", access: "rwm") }
        for wanted in security.devices {
            if security.privileged, wanted.source == wanted.target { continue }
            found += try find(wanted)
        }
        return found
    }

    /// A device, or all below a directory.
    private static func find(_ wanted: ContainerSecurity.Device) throws(ProtocolFailure) -> [HostDevice] {
        let status: FileStatus
        do throws(SystemError) { status = try Descriptor.workingDirectory.status(of: wanted.source) } catch {
            throw ProtocolFailure(
                .invalidArgument, "error gathering device information while adding custom device \(error)")
        }
        if let device = HostDevice(status, at: wanted.target, access: wanted.access) { return [device] }
        let below =
            status.kind == .directory
            ? devices(below: wanted.source, as: wanted.target, access: wanted.access) : []
        guard !below.isEmpty else {
            throw ProtocolFailure(.invalidArgument, "--device \(wanted.source): not a device node")
        }
        return below
    }

    /// Links are passed over: their targets are found themselves. A node that goes meanwhile is not there.
    private static func devices(below directory: String, as target: String, access: String) -> [HostDevice] {
        let here = Descriptor.workingDirectory
        let names = ((try? here.entries(of: directory)) ?? []).map(\.name).sorted()
        return names.filter { !ofContainers.contains($0) }.flatMap { name -> [HostDevice] in
            let (path, place) = ("\(directory)/\(name)", "\(target)/\(name)")
            guard let status = try? here.status(of: path, followingLinks: false) else { return [] }
            if status.kind == .directory { return devices(below: path, as: place, access: access) }
            return HostDevice(status, at: place, access: access).map { [$0] } ?? []
        }
    }
}
