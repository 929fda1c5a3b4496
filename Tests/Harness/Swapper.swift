import LinuxKernel
import Synchronization

/// Somebody who swaps what a path is for a symbolic link and back, as fast as the kernel does it: the attacker in a race
/// for a file that both reach.
public final class Swapper: Sendable {
    private let isStopped = Atomic(false)
    private let turns = Atomic(0)
    private let (path, kept, link): (String, String, String)

    /// `path` must be there. What it is and a link to `target` take turns.
    public init(_ path: String, linkTo target: String) throws {
        (self.path, kept, link) = (path, path + ".kept", path + ".link")
        try Descriptor.workingDirectory.makeSymbolicLink(link, to: target)
    }

    /// Swaps while `body` runs, and at least once before it. Returns how often; afterwards all is as it was.
    @discardableResult
    public func whileSwapping(_ body: () throws -> Void) throws -> Int {
        Task.detached { self.swap() }
        defer { stop() }
        while turns.load(ordering: .relaxed) == 0 {}
        try body()
        return turns.load(ordering: .relaxed)
    }

    private func swap() {
        let here = Descriptor.workingDirectory
        while !isStopped.load(ordering: .relaxed) {
            try? here.rename(path, to: kept)
            try? here.rename(link, to: path)
            try? here.rename(path, to: link)
            try? here.rename(kept, to: path)
            turns.add(1, ordering: .relaxed)
        }
        turns.store(-1, ordering: .releasing)
    }

    private func stop() {
        isStopped.store(true, ordering: .relaxed)
        while turns.load(ordering: .acquiring) != -1 {}
        try? Descriptor.workingDirectory.removeFile(link)
    }
}
