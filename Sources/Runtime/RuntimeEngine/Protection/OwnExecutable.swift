internal import LinuxKernel

extension RuntimeRoot {
    /// What `create`, `run` and `exec` begin with. Who reads something that can be read only once for them calls it
    /// before that: it may execute this program anew, from its first instruction.
    public static func protectProgram() throws(RuntimeError) { try OwnExecutable.protect() }
}

/// Our own program's file, out of the container's reach (self-exe).
///
/// A process of the container whose program is `#!/proc/self/exe` is for a moment a copy of us inside the container, and
/// another one can then open our file through its `/proc/PID/exe`, and write to it once nobody runs it. That link leads
/// through the mount that we were executed from. So we execute ourselves once more, from a read-only mount of nothing
/// but our file that is attached nowhere: whoever opens it for writing hears that it is read-only, and since its last
/// descriptor is closed by then nobody can change that mount any more.
enum OwnExecutable {
    /// Returns when we run from a read-only mount. Costs 0.6 to 1 ms, and nothing where the caller executes us from one.
    static func protect() throws(RuntimeError) {
        let path = "/proc/self/exe"
        do throws(SystemError) {
            let file = try Descriptor.workingDirectory.open(path, .path)
            if try file.descriptor.isOnReadOnlyMount() { return }
            let copy = try file.descriptor.cloneMount(recursively: false)
            try copy.descriptor.changeMount(set: .readOnly)
            let error = ThisProcess.execute(
                copy.descriptor, arguments: CommandLine.arguments, environment: ThisProcess.environment)
            throw error
        } catch {
            // Without privileges we cannot mount, and whoever we run has no more of them than we: none over our file.
            if error.errno == .notPermitted, ThisProcess.effectiveUser != 0 { return }
            throw RuntimeError("cannot protect our own program", error)
        }
    }
}
