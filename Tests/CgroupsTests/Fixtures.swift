import LinuxKernel

@testable import Cgroups

/// A layout from `spec-fixtures/cgroups`.
func layout(_ name: String) throws -> CgroupLayout {
    func text(_ kind: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/spec-fixtures/cgroups/\(name).\(kind)"
        return String(decoding: try Descriptor.workingDirectory.readFile(path), as: UTF8.self)
    }
    return CgroupLayout(mountinfo: try text("mountinfo"), cgroup: try text("cgroup"))
}
