internal import COwnProgram
internal import LinuxKernel

/// Our own program's file, out of the container's reach (self-exe). `COwnProgram` tells the story, and acts before there
/// is any Swift; here it is held that it did.
enum OwnExecutable {
    /// What readers of runc's log look for.
    private static let words = """
        our own program is on a read-only mount, which does what runc does where it says \
        "runc exeseal: using /proc/self/exe clone" or "runc exeseal: using overlayfs for sealed /proc/self/exe"
        """

    /// What `create`, `run` and `exec` begin with. Throws unless we run from a read-only mount.
    static func requireProtection(telling log: RuntimeLog) throws(RuntimeError) {
        let state = own_program_is_protected()
        if state == 1 { return log.debug(words) }
        let error = SystemError(state < 0 ? Errno(rawValue: -state) : .notPermitted, "execute anew")
        // Without privileges we cannot mount, and whoever we run has no more of them than we: none over our file.
        if error.errno == .notPermitted, ThisProcess.effectiveUser != 0 { return }
        throw RuntimeError("cannot protect our own program", error)
    }
}
