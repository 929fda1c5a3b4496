internal import CLinux
internal import Glibc

/// Does nothing for a while (nanosleep(2)): for what the kernel gives no event for.
public func sleep(milliseconds: UInt32) {
    var wanted = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var rest = timespec()
    // The remainder, when a signal came between.
    while nanosleep(&wanted, &rest) == -1, errno == EINTR { wanted = rest }
}
