internal import CSystemd
internal import LinuxKernel

/// A connection to a manager of systemd's: sd-bus(3).
@safe final class BusConnection {
    private let bus: OpaquePointer

    private static let destination = "org.freedesktop.systemd1"
    static let managerPath = "/org/freedesktop/systemd1"
    static let managerInterface = "org.freedesktop.systemd1.Manager"
    /// Microseconds that a call may take.
    private static let patience: UInt64 = 30_000_000

    init(isUser: Bool) throws(BusError) {
        unsafe bus = unsafe isUser ? try Self.openUser() : try Self.openSystem()
    }

    deinit { unsafe sd_bus_flush_close_unref(bus) }

    private static func openUser() throws(BusError) -> OpaquePointer {
        var bus: OpaquePointer?
        let answer = unsafe sd_bus_open_user(&bus)
        guard answer >= 0, let bus = unsafe bus else {
            throw BusError(
                "cannot reach the user's systemd (is dbus-user-session installed, and are DBUS_SESSION_BUS_ADDRESS or "
                    + "XDG_RUNTIME_DIR set?)", code: answer)
        }
        return unsafe bus
    }

    /// Through the system's bus, or where there is none by systemd's own socket.
    private static func openSystem() throws(BusError) -> OpaquePointer {
        var bus: OpaquePointer?
        if unsafe sd_bus_open_system(&bus) >= 0, let bus = unsafe bus { return unsafe bus }
        try checked(unsafe sd_bus_new(&bus), "cannot reach systemd")
        guard let bus = unsafe bus else { throw BusError("cannot reach systemd: no connection") }
        do throws(BusError) {
            try checked(unsafe sd_bus_set_address(bus, "unix:path=/run/systemd/private"), "cannot reach systemd")
            try checked(unsafe sd_bus_start(bus), "cannot reach systemd")
        } catch {
            unsafe sd_bus_unref(bus)
            throw error
        }
        return unsafe bus
    }

    // MARK: Calls

    /// A call of the manager's `method` that is still to be filled.
    func message(_ method: String) throws(BusError) -> BusMessage {
        var message: OpaquePointer?
        let answer = unsafe sd_bus_message_new_method_call(
            bus, &message, Self.destination, Self.managerPath, Self.managerInterface, method)
        try checked(answer, method)
        guard let message = unsafe message else { throw BusError("\(method): no message") }
        return unsafe BusMessage(owning: message)
    }

    /// Sends `message` and waits for the answer.
    func call(_ message: BusMessage) throws(BusError) -> BusMessage {
        var failure = unsafe sd_bus_error()
        var reply: OpaquePointer?
        defer { unsafe sd_bus_error_free(&failure) }
        let answer = unsafe sd_bus_call(bus, message.pointer, Self.patience, &failure, &reply)
        guard answer >= 0, let reply = unsafe reply else {
            let name = unsafe failure.name.map { unsafe String(cString: $0) }
            let text = unsafe failure.message.map { unsafe String(cString: $0) }
            throw BusError(text ?? "\(Errno(rawValue: -answer))", name: name)
        }
        return unsafe BusMessage(owning: reply)
    }

    /// A property of the manager that is a string.
    func managerProperty(_ name: String) throws(BusError) -> String {
        var failure = unsafe sd_bus_error()
        var reply: OpaquePointer?
        defer { unsafe sd_bus_error_free(&failure) }
        let answer = unsafe sd_bus_get_property(
            bus, Self.destination, Self.managerPath, Self.managerInterface, name, &failure, &reply, "s")
        guard answer >= 0, let reply = unsafe reply else { throw BusError("cannot ask for \(name)", code: answer) }
        return try (unsafe BusMessage(owning: reply)).readString("s")
    }

    // MARK: Signals

    /// From now on ``nextSignal(_:)`` sees the manager's `member`.
    func listen(for member: String) throws(BusError) {
        let rule = "type='signal',interface='\(Self.managerInterface)',member='\(member)',path='\(Self.managerPath)'"
        try checked(unsafe sd_bus_add_match(bus, nil, rule, nil, nil), "cannot listen to systemd")
    }

    /// Waits for a signal named `member`, until `deadline` of the monotonic clock, in nanoseconds.
    func nextSignal(_ member: String, before deadline: UInt64) throws(BusError) -> BusMessage {
        while true {
            var message: OpaquePointer?
            let done = try checked(unsafe sd_bus_process(bus, &message), "cannot hear from systemd")
            if let message = unsafe message {
                let received = unsafe BusMessage(owning: message)
                if unsafe sd_bus_message_is_signal(received.pointer, Self.managerInterface, member) > 0 {
                    return received
                }
                continue
            }
            if done > 0 { continue }
            let now = monotonicTime()
            guard now < deadline else { throw BusError("systemd did not answer within 30 seconds") }
            try checked(unsafe sd_bus_wait(bus, (deadline - now) / 1000), "cannot hear from systemd")
        }
    }
}
