public import LinuxKernel

/// Tells when memory runs out in a cgroup, by notices of the kernel's.
public protocol OutOfMemoryWatch: AnyObject {
    /// Readable when it may have run out.
    var descriptor: Descriptor { get }

    /// Takes all notices that wait; whether memory ran out since the last call.
    func hasRunOut() -> Bool
}

/// Documentation/admin-guide/cgroup-v1/memory.rst, "OOM Control": an eventfd(2).
final class LegacyOutOfMemoryWatch: OutOfMemoryWatch {
    private let directory: CgroupDirectory
    private let control: OwnedDescriptor
    private let counter: OwnedDescriptor
    private static let registration = "cgroup.event_control"

    init(_ directory: CgroupDirectory) throws(CgroupError) {
        self.directory = directory
        control = try directory.openFile("memory.oom_control", .readOnly)
        do { counter = try makeEventDescriptor() } catch { throw CgroupError("cannot watch the memory", error) }
        try directory.write(Self.registration, "\(counter.number) \(control.number)")
    }

    var descriptor: Descriptor { counter.descriptor }

    /// The kernel also tells, in the same way, that the cgroup was removed.
    func hasRunOut() -> Bool {
        (try? descriptor.read(upTo: 8))?.isEmpty == false && directory.has(Self.registration)
    }
}

/// cgroup-v2.rst, "memory.events": inotify(7) tells of changes, the file itself how often a process was killed.
final class UnifiedOutOfMemoryWatch: OutOfMemoryWatch {
    private let directory: CgroupDirectory
    private let watch: FileWatch
    private var kills: UInt64 = 0
    private static let file = "memory.events"

    init(_ directory: CgroupDirectory) throws(CgroupError) {
        self.directory = directory
        do { watch = try FileWatch(file: directory.handle.descriptor.procPath + "/" + Self.file) } catch {
            throw CgroupError("cannot watch \(Self.file) of cgroup \(directory.path)", error)
        }
        kills = count()
    }

    var descriptor: Descriptor { watch.descriptor.descriptor }

    func hasRunOut() -> Bool {
        watch.drain()
        let before = kills
        kills = max(kills, count())
        return kills > before
    }

    /// None once the cgroup is gone.
    private func count() -> UInt64 {
        (try? directory.read(Self.file)).flatMap { KeyedValues($0)["oom_kill"] } ?? 0
    }
}
