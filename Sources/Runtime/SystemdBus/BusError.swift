internal import CSystemd
internal import LinuxKernel

/// Why systemd did not do what it was asked to.
struct BusError: Error, CustomStringConvertible {
    /// What was done, and why it failed.
    let description: String
    /// D-Bus's name of the error, if it came from the other side.
    let name: String?

    init(_ description: String, name: String? = nil) {
        self.description = description
        self.name = name
    }

    /// From the answer of sd-bus, which is `-errno`.
    init(_ action: String, code: CInt) {
        self.init("\(action): \(Errno(rawValue: -code))")
    }
}

/// The result of a call of sd-bus, which is an error below zero.
@discardableResult
func checked(_ answer: CInt, _ action: @autoclosure () -> String) throws(BusError) -> CInt {
    if answer < 0 { throw BusError(action(), code: answer) }
    return answer
}
