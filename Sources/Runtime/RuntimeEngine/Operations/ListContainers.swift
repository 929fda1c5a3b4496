internal import LinuxKernel

extension RuntimeRoot {
    /// All containers, by name, and one line for each that cannot be read.
    public func list() throws(RuntimeError) -> (containers: [ContainerReport], warnings: [String]) {
        var containers: [ContainerReport] = []
        var warnings: [String] = []
        for id in try identifiers() {
            do throws(RuntimeError) { containers.append(try state(id)) } catch {
                // Deleted meanwhile.
                if error.kind != .noSuchContainer { warnings.append("\(id): \(error.message)") }
            }
        }
        return (containers, warnings)
    }

    private func identifiers() throws(RuntimeError) -> [String] {
        do {
            let entries = try Descriptor.workingDirectory.entries(of: path)
            return entries.filter { $0.kind == .directory }.map(\.name).sorted()
        } catch {
            if error.errno == .noEntry { return [] }
            let isPermission = error.errno == .accessDenied || error.errno == .notPermitted
            let way = isPermission ? ": list them as their owner, or give a directory of your own with --root" : ""
            throw RuntimeError(
                isPermission ? .permissionDenied : .system,
                "cannot list the containers in \(path): \(error.errno)\(way)")
        }
    }
}
