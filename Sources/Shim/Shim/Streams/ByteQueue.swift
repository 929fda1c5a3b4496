import LinuxKernel

/// Bytes on their way to a descriptor that does not take them yet. Chunks are shared, not copied, with whoever else
/// got them.
struct ByteQueue: Sendable {
    /// Below this, chunks are joined: many small ones would weigh more than their bytes.
    private static let smallChunk = 4 << 10

    private var chunks: [ArraySlice<UInt8>] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        if bytes.isEmpty { return }
        count += bytes.count
        if let last = chunks.last, last.count + bytes.count <= Self.smallChunk {
            chunks[chunks.count - 1] += bytes
        } else {
            chunks.append(bytes)
        }
    }

    mutating func removeAll() { self = ByteQueue() }

    /// Writes as much as `descriptor` takes without waiting.
    mutating func drain(into descriptor: Descriptor) throws(SystemError) {
        while let chunk = chunks.first {
            let taken: Int
            do { taken = try descriptor.write(chunk) } catch {
                if error.errno == .again { return }
                throw error
            }
            count -= taken
            if taken == chunk.count { chunks.removeFirst() } else { chunks[0] = chunk.dropFirst(taken) }
        }
    }
}
