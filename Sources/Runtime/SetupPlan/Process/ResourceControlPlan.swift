internal import RuntimeSpec

/// `linux.intelRdt`: config-linux.md, "IntelRdt".
public struct ResourceControlPlan: Hashable, Sendable {
    /// The class of service; `/` is everybody's, nil one of the container's own, by its identifier.
    public let closID: String?
    /// `l3CacheSchema` and `memBwSchema`, in this order: a class that exists has to have them already.
    public let required: [String]
    /// Lines for `schemata`, in order.
    public let lines: [String]
    public let monitors: Bool
    /// Resources that the machine must be able to divide: `L3`, `MB`.
    public let resources: [String]

    init?(_ configured: IntelResourceDirector?, _ refusals: inout Refusals) {
        guard let configured else { return nil }
        func text(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        closID = text(configured.closID)
        let (cache, bandwidth) = (text(configured.l3CacheSchema), text(configured.memBwSchema))
        required = [cache, bandwidth].compactMap { $0 }
        lines = required + (configured.schemata ?? []).filter { !$0.isEmpty }
        monitors = configured.enableMonitoring ?? false
        resources = [cache.map { _ in "L3" }, bandwidth.map { _ in "MB" }].compactMap { $0 }
        check(bandwidth, &refusals)
    }

    private func check(_ bandwidth: String?, _ refusals: inout Refusals) {
        let member = "linux.intelRdt"
        if let closID, closID == "." || closID == ".." || (closID != "/" && closID.contains("/")) {
            refusals.invalid(
                "\(member).closID", "invalid intelRdt.ClosID \"\(closID)\": it names a directory of resctrl")
        }
        if let bandwidth, !bandwidth.hasPrefix("MB:") {
            refusals.invalid("\(member).memBwSchema", "\"\(bandwidth)\" must start with MB:")
        }
        if lines.contains(where: { $0.contains("\n") }) {
            refusals.invalid(member, "a schema must not contain newlines")
        }
    }
}
