internal import Cgroups
internal import LinuxKernel

extension CgroupManager {
    /// Kills what still runs. A pid namespace took its processes along, and to look is cheaper than to freeze.
    func killRemains() throws(CgroupError) {
        if try !processes().isEmpty { try signalAll(Signal.kill) }
    }
}
