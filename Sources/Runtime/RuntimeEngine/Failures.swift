internal import Cgroups
internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

extension RuntimeError {
    /// A system call that failed while `action` was done.
    init(_ action: String, _ error: SystemError) {
        let isPermission = error.errno == .notPermitted || error.errno == .accessDenied
        self.init(isPermission ? .permissionDenied : .system, "\(action): \(error)")
    }

    init(_ refusal: SetupRefusal) {
        self.init(refusal.isLackOfSupport ? .notSupported : .invalidConfiguration, refusal.description)
    }

    init(_ error: CgroupError) {
        let kind: Kind =
            switch error.kind {
            case .invalid: .invalidConfiguration
            case .unavailable: .notSupported
            case .state, .exists: .wrongState
            case .system: .system
            }
        self.init(kind, error.description)
    }
}

/// Does `body`, and tells of its failure as one of `action`.
func performing<Result: ~Copyable>(_ action: @autoclosure () -> String, _ body: () throws(SystemError) -> Result)
    throws(RuntimeError) -> Result
{
    do { return try body() } catch { throw RuntimeError(action(), error) }
}

func withCgroups<Result>(_ body: () throws(CgroupError) -> Result) throws(RuntimeError) -> Result {
    do { return try body() } catch { throw RuntimeError(error) }
}
