internal import CLinux
internal import Glibc

/// Stream sockets of unix(7). Paths may be longer than `sun_path`: they are reached through their directory.
public enum UnixSocket {
    /// Listens at `path` with mode 0600. A file that is there already is `EADDRINUSE`.
    public static func listen(at path: String, backlog: CInt = 128) throws(SystemError) -> OwnedDescriptor {
        try throughDirectory(path, "listen") { cl_unix_listen($0, backlog) }
    }

    public static func connect(to path: String, nonBlocking: Bool = false) throws(SystemError) -> OwnedDescriptor {
        try throughDirectory(path, "connect") { cl_unix_connect($0, nonBlocking ? 1 : 0) }
    }

    /// The next connection, or nil when none is waiting on a non-blocking socket.
    public static func accept(_ listener: Descriptor, nonBlocking: Bool = true) throws(SystemError) -> OwnedDescriptor?
    {
        let answer = cl_unix_accept(listener.number, nonBlocking ? 1 : 0)
        if answer == -EAGAIN || answer == -ECONNABORTED { return nil }
        return OwnedDescriptor(owning: try checked(answer, "accept"))
    }

    /// Two connected ends.
    public static func pair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [CInt] = [-1, -1]
        try checked(cl_socketpair(CInt(SOCK_STREAM.rawValue), &ends), "socketpair")
        return (Descriptor(number: ends[0]), Descriptor(number: ends[1]))
    }

    /// A socket at `path` that receives messages apart from each other (`SOCK_DGRAM`), and does not wait for them.
    public static func bindDatagrams(at path: String) throws(SystemError) -> OwnedDescriptor {
        try throughDirectory(path, "bind") { cl_unix_bind_datagram($0) }
    }

    /// For messages to the socket at `path`, or the abstract one of that name behind an `@`.
    public static func connectDatagrams(to path: String) throws(SystemError) -> OwnedDescriptor {
        try throughDirectory(path, "connect") { cl_unix_connect_datagram($0) }
    }

    /// `sun_path` holds 107 bytes: a longer path is named through a descriptor of its directory.
    private static func throughDirectory(_ path: String, _ call: String, _ body: (String) -> CInt)
        throws(SystemError) -> OwnedDescriptor
    {
        if path.utf8.count <= 107 { return OwnedDescriptor(owning: try checked(body(path), call, path)) }
        guard let slash = path.lastIndex(of: "/") else { throw SystemError(.nameTooLong, call, path) }
        let directory = try Descriptor.workingDirectory.open(String(path[..<slash]), [.path, .directory])
        let answer = body(directory.descriptor.procPath + "/" + path[path.index(after: slash)...])
        return OwnedDescriptor(owning: try checked(answer, call, path))
    }
}

/// Who is at the other end of a Unix socket (`SO_PEERCRED`), as of connect(2).
public struct PeerCredentials: Hashable, Sendable {
    public let pid: Int32
    public let user: UInt32
    public let group: UInt32
}

extension Descriptor {
    /// The most descriptors that travel with one message.
    public static let mostPassed = Int(CL_MAX_DESCRIPTORS)

    /// sendmsg(2): how many of the bytes went, with all descriptors on the first of them. `EAGAIN` is thrown.
    public func send(_ bytes: [UInt8], passing descriptors: [Descriptor] = []) throws(SystemError) -> Int {
        let numbers = descriptors.map(\.number)
        let sent = bytes.withUnsafeBytes { buffer in
            cl_send(number, buffer.baseAddress, buffer.count, numbers, CInt(numbers.count))
        }
        return try checked(sent, "send")
    }

    /// recvmsg(2): appends to `bytes` what arrived, and to `descriptors` what came with it, which the caller then
    /// owns. Returns the number of bytes, 0 at the end. `EAGAIN` is thrown.
    public func receive(upTo count: Int, into bytes: inout [UInt8], descriptors: inout [Descriptor])
        throws(SystemError) -> Int
    {
        var numbers = [CInt](repeating: -1, count: Self.mostPassed)
        var arrived: CInt = 0
        var answer = 0
        bytes += [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            answer = cl_receive(number, buffer.baseAddress, buffer.count, &numbers, &arrived)
            filled = max(0, answer)
        }
        descriptors += numbers.prefix(Int(arrived)).map { Descriptor(number: $0) }
        return try checked(answer, "receive")
    }

    public func peerCredentials() throws(SystemError) -> PeerCredentials {
        var pid: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
        try checked(cl_peer_credentials(number, &pid, &user, &group), "SO_PEERCRED")
        return PeerCredentials(pid: pid, user: user, group: group)
    }

    /// Says that nothing more will be written (shutdown(2), `SHUT_WR`).
    public func finishWriting() throws(SystemError) { try checked(cl_shutdown(number, CInt(SHUT_WR)), "shutdown") }

    /// Ends both directions: whoever holds the other end sees the end of the stream (shutdown(2), `SHUT_RDWR`).
    public func shutDown() throws(SystemError) { try checked(cl_shutdown(number, CInt(SHUT_RDWR)), "shutdown") }
}

extension UnixSocket {
    /// Two connected ends that keep messages apart (`SOCK_SEQPACKET`).
    public static func sequencedPair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [CInt] = [-1, -1]
        try checked(cl_socketpair(CInt(SOCK_SEQPACKET.rawValue), &ends), "socketpair")
        return (Descriptor(number: ends[0]), Descriptor(number: ends[1]))
    }
}

extension OwnedDescriptor {
    /// A socket of rtnetlink(7) in this process's network namespace. It stays there, wherever the process goes.
    public static func routeSocket() throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try checked(cl_route_socket(), "netlink socket"))
    }
}
