import Harness
import LinuxKernel
import Testing

@Suite("The programs as files")
struct ProgramTests {
    /// Types of program headers: elf(5).
    private enum Segment { static let dynamic: UInt32 = 2, interpreter: UInt32 = 3 }

    @Test(
        "wherry-runtime, wherry-shim and wherry are static executables: no interpreter, nothing to link at start",
        arguments: ["wherry-runtime", "wherry-shim", "wherry"])
    func isStatic(_ name: String) throws {
        let segments = try segmentTypes(of: try Programs.ours(name))
        #expect(!segments.isEmpty)
        #expect(!segments.contains(Segment.interpreter), "PT_INTERP")
        #expect(!segments.contains(Segment.dynamic), "PT_DYNAMIC")
    }

    /// The types of a 64-bit little-endian ELF file's program headers.
    private func segmentTypes(of path: String) throws -> [UInt32] {
        let file = try Descriptor.workingDirectory.open(path)
        let header = try file.descriptor.read(upTo: 64, at: 0)
        #expect(header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), "\(path) is no 64-bit ELF file")
        let (start, size, count) = (number(header, 32, 8), number(header, 54, 2), number(header, 56, 2))
        let table = try file.descriptor.read(upTo: size * count, at: Int64(start))
        return (0..<count).map { UInt32(number(table, $0 * size, 4)) }
    }

    private func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> Int {
        bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
