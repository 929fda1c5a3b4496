import LinuxKernel

/// Counts the processes of the container's that the kernel killed because its memory had run out.
///
/// The cgroup is that of the first process; the kernel knows how often, and tells when.
final class OutOfMemoryWatch {
    private let directory: OwnedDescriptor
    private let file: String
    private let notices: any OutOfMemoryNotices
    /// What the cgroup had counted before this container was in it.
    private var before = 0
    /// So far. A cgroup that is gone tells no more.
    private(set) var kills = 0

    /// Nil where the process has no memory cgroup that could be watched.
    init?(ofProcess pid: Int32) {
        guard let place = OutOfMemoryWatch.place(ofProcess: pid),
            let directory = try? Descriptor.workingDirectory.open(place.path, [.directory, .path])
        else { return nil }
        file = place.isUnified ? "memory.events" : "memory.oom_control"
        do throws(SystemError) {
            notices =
                place.isUnified
                ? try UnifiedNotices("\(place.path)/\(file)") : try LegacyNotices(directory.descriptor, file)
        } catch { return nil }
        self.directory = directory
        before = count()
    }

    /// Readable when there may be news.
    var descriptor: Descriptor { notices.descriptor }

    /// Takes all notices, and counts anew.
    func look() {
        notices.drain()
        kills = max(kills, count() - before)
    }

    private func count() -> Int {
        guard let bytes = try? directory.descriptor.readFile(file, limit: 4096) else { return 0 }
        return MemoryEvents.kills(String(decoding: bytes, as: UTF8.self))
    }

    private static func place(ofProcess pid: Int32) -> (path: String, isUnified: Bool)? {
        let here = Descriptor.workingDirectory
        guard let bytes = try? here.readFile("/proc/\(pid)/cgroup", limit: 1 << 16) else { return nil }
        return MemoryEvents.places(cgroups: String(decoding: bytes, as: UTF8.self)).first {
            (try? here.exists($0.path + ($0.isUnified ? "/memory.events" : "/memory.oom_control"))) == true
        }
    }
}

/// What the kernel writes of it. Pure.
enum MemoryEvents {
    /// `oom_kill 2` of `memory.events` (cgroup-v2.rst) and `memory.oom_control` (cgroup-v1/memory.rst).
    static func kills(_ text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    /// Where the cgroup of memory may be, by cgroups(7), `/proc/PID/cgroup`: where everybody mounts them.
    static func places(cgroups text: String) -> [(path: String, isUnified: Bool)] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            if fields[1].split(separator: ",").contains("memory") {
                return ("/sys/fs/cgroup/memory\(fields[2])", false)
            }
            return fields[0] == "0" ? ("/sys/fs/cgroup\(fields[2])", true) : nil
        }
    }
}

private protocol OutOfMemoryNotices: AnyObject {
    var descriptor: Descriptor { get }
    func drain()
}

/// cgroup-v1/memory.rst, "OOM Control": an eventfd(2).
private final class LegacyNotices: OutOfMemoryNotices {
    private let control: OwnedDescriptor
    private let counter: OwnedDescriptor

    init(_ directory: Descriptor, _ file: String) throws(SystemError) {
        control = try directory.open(file, .readOnly)
        counter = try makeEventDescriptor()
        let registration = try directory.open("cgroup.event_control", .writeOnly)
        try registration.descriptor.writeAll("\(counter.number) \(control.number)")
    }

    var descriptor: Descriptor { counter.descriptor }
    func drain() { _ = try? descriptor.read(upTo: 8) }
}

/// cgroup-v2.rst, "memory.events": a change of the file.
private final class UnifiedNotices: OutOfMemoryNotices {
    private let watch: FileWatch
    init(_ path: String) throws(SystemError) { watch = try FileWatch(file: path) }
    var descriptor: Descriptor { watch.descriptor.descriptor }
    func drain() { watch.drain() }
}
