internal import Cgroups
internal import LinuxKernel

/// What the runtime needs of systemd: methods of org.freedesktop.systemd1(5), "The Manager Object".
struct UnitManager {
    private let bus: BusConnection
    /// Nanoseconds that a job may take.
    private static let patience: UInt64 = 30_000_000_000
    private static let jobRemoved = "JobRemoved"
    private static let noSuchUnit = "org.freedesktop.systemd1.NoSuchUnit"

    init(isUser: Bool) throws(BusError) {
        bus = try BusConnection(isUser: isUser)
        try bus.listen(for: Self.jobRemoved)
    }

    /// systemd's version and the manager's own cgroup.
    func greeting() throws(BusError) -> SystemdAnswer {
        let text = try bus.managerProperty("Version")
        let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber }
        guard let version = Int(digits) else { throw BusError("systemd's version is no number: \(text)") }
        let place = try bus.managerProperty("ControlGroup")
        return SystemdAnswer(version: version, controlGroup: place.isEmpty ? "/" : place)
    }

    func perform(_ request: SystemdRequest) throws(BusError) {
        switch request.action {
        case .start: try start(request.unit, request.properties ?? [])
        case .setProperties: try setProperties(request.unit, request.properties ?? [])
        case .attach: try attach(request.processes ?? [], to: request.unit, request.cgroup ?? "/")
        case .stop: try stop(request.unit)
        case .resetFailed: resetFailed(request.unit)
        }
    }

    private func start(_ unit: String, _ properties: [SystemdProperty]) throws(BusError) {
        let message = try bus.message("StartTransientUnit")
        try message.append(unit)
        try message.append("replace")
        try message.append(Self.list(properties))
        // Further units to make with it: none.
        try message.append(.array(of: "(sa(sv))", []))
        let result = try finish(try bus.call(message))
        guard result != "done" else { return }
        resetFailed(unit)
        throw BusError("error creating systemd unit \(unit): got \(result)")
    }

    private func setProperties(_ unit: String, _ properties: [SystemdProperty]) throws(BusError) {
        let message = try bus.message("SetUnitProperties")
        try message.append(unit)
        // Until the next boot: the unit itself lasts no longer.
        try message.append(.boolean(true))
        try message.append(Self.list(properties))
        _ = try bus.call(message)
    }

    private func attach(_ processes: [UInt32], to unit: String, _ cgroup: String) throws(BusError) {
        let message = try bus.message("AttachProcessesToUnit")
        try message.append(unit)
        try message.append(cgroup)
        try message.append(.array(of: "u", processes.map(BusValue.uint32)))
        _ = try bus.call(message)
    }

    private func stop(_ unit: String) throws(BusError) {
        let message = try bus.message("StopUnit")
        try message.append(unit)
        try message.append("replace")
        do { _ = try finish(try bus.call(message)) } catch {
            // With its last process a scope goes away by itself.
            guard error.name == Self.noSuchUnit else { throw error }
        }
        resetFailed(unit)
    }

    /// That a unit has not failed, or is not there, is no error.
    private func resetFailed(_ unit: String) {
        guard let message = try? bus.message("ResetFailedUnit"), (try? message.append(unit)) != nil else { return }
        _ = try? bus.call(message)
    }

    /// Waits for the job whose path is in `reply`, and returns its result.
    private func finish(_ reply: BusMessage) throws(BusError) -> String {
        let job = try reply.readString("o")
        let deadline = monotonicTime() + Self.patience
        while true {
            let signal = try bus.nextSignal(Self.jobRemoved, before: deadline)
            _ = try signal.readNumber()
            let removed = try signal.readString("o")
            _ = try signal.readString("s")
            if removed == job { return try signal.readString("s") }
        }
    }

    private static func list(_ properties: [SystemdProperty]) -> BusValue {
        .array(of: "(sv)", properties.map { .structure([.string($0.name), .variant($0.value)]) })
    }
}
