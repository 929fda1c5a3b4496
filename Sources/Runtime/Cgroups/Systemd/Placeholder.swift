internal import LinuxKernel

/// A process that does nothing: a scope has one from the start, and goes away with its last (systemd.scope(5)). It is
/// there until the container's own is.
final class Placeholder {
    private let process: ProcessHandle
    /// Its end is the process's end, whatever becomes of us.
    private let rope: OwnedDescriptor
    var pid: Int32 { process.pid }

    init() throws(CgroupError) {
        do throws(SystemError) {
            let (reader, writer) = try Pipe().split()
            let made: Cloned
            do { made = try ThisProcess.clone(CloneRequest()) } catch {
                for end in [reader, writer] { end.close() }
                throw error
            }
            switch consume made {
            case .child:
                writer.close()
                Self.wait(for: reader)
            case .parent(let handle):
                reader.close()
                process = handle
                rope = OwnedDescriptor(owning: writer.number)
            }
        } catch { throw CgroupError("cannot make a process to begin a scope with", error) }
    }

    private static func wait(for reader: Descriptor) -> Never {
        try? ThisProcess.setDumpable(false)
        _ = try? reader.read(upTo: 1)
        ThisProcess.leave(0)
    }

    /// Others may hold copies of the rope's end: it is not left at that.
    deinit {
        try? process.signal(Signal.kill)
        _ = try? process.wait()
    }
}
