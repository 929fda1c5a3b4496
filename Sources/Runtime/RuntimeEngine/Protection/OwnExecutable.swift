internal import COwnProgram
internal import LinuxKernel

/// Our own program's file, out of the container's reach (self-exe). `COwnProgram` tells the story, and acts before there
/// is any Swift; here it is held that it did.
enum OwnExecutable {
    /// What readers of runc's log look for.
    private static let mounted = """
        our own program is on a read-only mount, which does what runc does where it says \
        "runc exeseal: using /proc/self/exe clone" or "runc exeseal: using overlayfs for sealed /proc/self/exe"
        """
    private static let copied = """
        our own program is a sealed copy in memory, as runc's is where it says \
        "runc exeseal: using /proc/self/exe clone"
        """

    /// What `create`, `run` and `exec` begin with. Throws unless our program is out of reach.
    static func requireProtection(telling log: RuntimeLog) throws(RuntimeError) {
        let state = own_program_is_protected()
        if state > 0 { return log.debug(state == 1 ? mounted : copied) }
        let error = SystemError(state < 0 ? Errno(rawValue: -state) : .notPermitted, "execute anew")
        // Then our file is somebody else's, whom nobody that we run is.
        if error.errno == .notPermitted, ThisProcess.effectiveUser != 0 { return }
        throw RuntimeError("cannot protect our own program", error)
    }
}
