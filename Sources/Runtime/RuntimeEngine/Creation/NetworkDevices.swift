internal import LinuxKernel
internal import Netlink
internal import SetupPlan

/// Moves the host's network devices into the container's network namespace: config-linux.md, "Network Devices".
struct NetworkDevices {
    /// The container's.
    let namespace: Descriptor
    private let outside: NetlinkConnection
    private let inside: NetlinkConnection

    /// Reaches into the network namespace of a process that waits.
    static func move(_ moves: [NetworkDeviceMove], to process: Int32) throws(RuntimeError) {
        if moves.isEmpty { return }
        let path = "/proc/\(process)/ns/net"
        let namespace = try performing("linux.netDevices") { () throws(SystemError) in
            try Descriptor.workingDirectory.open(path)
        }
        let devices = try performing("linux.netDevices: cannot reach the container's network") {
            () throws(SystemError) in try NetworkDevices(namespace.descriptor)
        }
        for move in moves { try devices.carryOut(move) }
    }

    /// A socket belongs to the namespace that it was made in: we enter the container's for that, and come back.
    private init(_ namespace: Descriptor) throws(SystemError) {
        self.namespace = namespace
        outside = NetlinkConnection(try RouteSocket())
        let own = try Descriptor.workingDirectory.open("/proc/self/ns/net")
        try ThisProcess.join(namespace, .network)
        let socket = Result { () throws(SystemError) in try RouteSocket() }
        try ThisProcess.join(own.descriptor, .network)
        inside = NetlinkConnection(try socket.get())
    }

    private func carryOut(_ move: NetworkDeviceMove) throws(RuntimeError) {
        guard let link = try asking(move, { () throws(NetlinkError) in try outside.link(named: move.name) }) else {
            throw RuntimeError(.invalidConfiguration, "linux.netDevices: there is no network device \(move.name)")
        }
        // The kernel takes them away with the move, and those of IPv6 already when the device goes down.
        let addresses = try asking(move) { () throws(NetlinkError) in try outside.addresses(of: link) }
        let index = try freeIndex(for: link, move)
        try asking(move) { () throws(NetlinkError) in
            try outside.move(link, to: namespace, index: index, name: move.newName)
            for address in addresses where address.isLasting { try inside.add(address, toLinkWithIndex: index) }
            try inside.raise(linkWithIndex: index)
        }
    }

    /// The device's index in the container: its own, if it is free there. Refuses names that are taken: the kernel
    /// renames a device after it moved it, when the host has lost it already.
    private func freeIndex(for link: NetworkLink, _ move: NetworkDeviceMove) throws(RuntimeError) -> Int32 {
        let links = try asking(move) { () throws(NetlinkError) in try inside.links() }
        if !move.isTemplate, links.contains(where: { $0.name == move.newName }) {
            throw RuntimeError(
                .invalidConfiguration,
                "linux.netDevices: \(move.name): the container's network has a device \(move.newName) already")
        }
        let isFree = !links.contains { $0.index == link.index }
        return isFree ? link.index : (links.map(\.index).max() ?? 0) + 1
    }

    private func asking<Answer>(_ move: NetworkDeviceMove, _ body: () throws(NetlinkError) -> Answer)
        throws(RuntimeError) -> Answer
    {
        do { return try body() } catch {
            let isPermission = error.errno == .notPermitted || error.errno == .accessDenied
            throw RuntimeError(
                isPermission ? .permissionDenied : .system,
                "linux.netDevices: cannot move \(move.name) to the container as \(move.newName): \(error)")
        }
    }
}
