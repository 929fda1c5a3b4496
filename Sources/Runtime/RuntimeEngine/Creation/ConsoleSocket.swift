internal import LinuxKernel

/// `--console-socket` and `--pidfd-socket`: a Unix socket that receives a descriptor, with its name as the bytes.
struct DescriptorSocket: ~Copyable {
    private let socket: OwnedDescriptor
    private let flag: String

    init(connecting path: String, flag: String) throws(RuntimeError) {
        self.flag = flag
        do { socket = try UnixSocket.connect(to: path) } catch {
            throw RuntimeError(.invalidConfiguration, "\(flag): cannot connect to \(path): \(error.errno)")
        }
    }

    func hand(_ descriptor: Descriptor, named name: String) throws(RuntimeError) {
        try performing("\(flag): cannot send the descriptor") { () throws(SystemError) in
            _ = try socket.descriptor.send(Array(name.utf8), passing: [descriptor])
        }
    }
}
