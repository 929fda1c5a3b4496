internal import LineProtocol
internal import LinuxKernel

/// The client's ends of the pipes to a container's streams, closed when they go away.
final class ContainerStreams {
    private(set) var input: Descriptor?
    let output: Descriptor?
    let error: Descriptor?

    /// Takes over the descriptors that came with an answer.
    init(_ named: AttachedStreams, _ descriptors: [Descriptor]) throws(ProtocolFailure) {
        guard named.streams.count == descriptors.count else {
            for descriptor in descriptors { descriptor.close() }
            throw ProtocolFailure(
                .invalidResponse, "\(named.streams.count) streams came with \(descriptors.count) descriptors")
        }
        func find(_ stream: AttachedStreams.Stream) -> Descriptor? {
            named.streams.firstIndex(of: stream).map { descriptors[$0] }
        }
        input = find(.standardInput)
        output = find(.standardOutput)
        error = find(.standardError)
        // Ours alone: a container that does not read must not keep us from its output.
        try? input?.setNonBlocking()
    }

    /// Tells the container that its input has ended.
    func closeInput() {
        input?.close()
        input = nil
    }

    deinit {
        input?.close()
        output?.close()
        error?.close()
    }
}
