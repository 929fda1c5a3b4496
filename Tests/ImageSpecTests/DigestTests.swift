import ImageSpec
import Testing

@Suite("descriptor.md, Digests")
struct DigestTests {
    static let zeros: String = String(repeating: "0", count: 64)

    @Test("sha256 and sha512 digests are read and written as they are")
    func registered() throws {
        for text in ["sha256:\(Self.zeros)", "sha512:\(Self.zeros)\(Self.zeros)"] {
            #expect(try Digest(text).description == text)
        }
    }

    @Test(
        "a digest must match its algorithm's grammar",
        arguments: [
            "", "sha256", "sha256:", ":\(zeros)", "sha256:\(zeros)0", "sha256:\(zeros.dropLast())",
            "sha256:\(zeros.dropLast())A", "sha256:\(zeros.dropLast())g", "SHA256:\(zeros)",
            "sha256:\(zeros)/..", "sha512:\(zeros)", "md5:00", "sha256:../../../../etc/passwd",
        ])
    func grammar(_ text: String) {
        #expect(throws: ImageSpecError.self) { try Digest(text) }
    }

    @Test("a digest is made from a hash's bytes")
    func fromBytes() {
        #expect(Digest(.sha256, bytes: [UInt8](repeating: 0, count: 32))?.encoded == Self.zeros)
        #expect(Digest(.sha256, bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }
}
