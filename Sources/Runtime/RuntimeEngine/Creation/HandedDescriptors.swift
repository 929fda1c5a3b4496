internal import LinuxKernel

/// Descriptors from 3 on that a process inherits: those of systemd's socket activation (sd_listen_fds(3)), then those
/// of `--preserve-fds`.
struct HandedDescriptors {
    let listening: Int
    let preserved: Int
    var count: Int { listening + preserved }

    /// Throws when one of them is not open: one of our own would be handed on in its place.
    init(preserved: Int) throws(RuntimeError) {
        listening = ThisProcess.variable("LISTEN_FDS").flatMap { Int($0) } ?? 0
        self.preserved = preserved
        guard (0...1024).contains(listening), (0...1024).contains(preserved) else {
            throw RuntimeError(.invalidConfiguration, "--preserve-fds and LISTEN_FDS: at most 1024 descriptors")
        }
        for number in 3..<(3 + count) {
            do { _ = try Descriptor(number: CInt(number)).duplicate() } catch {
                throw RuntimeError(
                    .invalidConfiguration, "--preserve-fds and LISTEN_FDS: descriptor \(number) is not open")
            }
        }
    }
}
