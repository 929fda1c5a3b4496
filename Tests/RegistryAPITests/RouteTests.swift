import HTTPService
import ImageSpec
import Registry
import Testing

@testable import RegistryAPI

@Suite("Paths of the distribution specification")
struct RouteTests {
    static let digest = "sha256:" + String(repeating: "a", count: 64)

    private func route(_ path: String) throws -> RegistryRoute? {
        try RegistryRoute(path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }

    @Test("names hold slashes, and words of the specification")
    func names() throws {
        let digest = try Digest(Self.digest)
        #expect(try route("/v2/") == .support)
        #expect(try route("/v2/_catalog") == .catalog)
        #expect(try route("/v2/a/b/tags/list") == .tags(try RepositoryName("a/b")))
        #expect(try route("/v2/tags/list/tags/list") == .tags(try RepositoryName("tags/list")))
        #expect(try route("/v2/a/manifests/latest") == .manifest(try RepositoryName("a"), .tag("latest")))
        #expect(
            try route("/v2/blobs/uploads/manifests/\(Self.digest)")
                == .manifest(try RepositoryName("blobs/uploads"), .digest(digest)))
        #expect(try route("/v2/a/blobs/\(Self.digest)") == .blob(try RepositoryName("a"), digest))
        #expect(try route("/v2/a/blobs/uploads/") == .uploads(try RepositoryName("a")))
        #expect(try route("/v2/a/blobs/uploads") == .uploads(try RepositoryName("a")))
        #expect(try route("/v2/a/blobs/uploads/x") == .upload(try RepositoryName("a"), id: "x"))
        #expect(try route("/v2/a/referrers/\(Self.digest)") == .referrers(try RepositoryName("a"), digest))
    }

    @Test(
        "what is no path of it is not found", arguments: ["/", "/v1/", "/v2", "/v2/a", "/v2/a/b", "/v2/a/tags/other"])
    func others(_ path: String) throws {
        #expect(try route(path) == nil)
    }

    @Test("wrong names, tags and digests are refused by name")
    func refusals() {
        #expect(throws: RegistryError.self) { try route("/v2/A/tags/list") }
        #expect(throws: RegistryError.self) { try route("/v2/../tags/list") }
        #expect(throws: RegistryError.self) { try route("/v2/a/manifests/-x") }
        #expect(throws: RegistryError.self) { try route("/v2/a/blobs/sha256:abc") }
        #expect(throws: RegistryError.self) { try route("/v2/a/referrers/md5:abc") }
    }

    @Test(
        "ranges are RFC 9110's",
        arguments: [
            ("bytes=0-4", ByteRange.part(0..<5)), ("bytes=5-", .part(5..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=0-99", .part(0..<10)), ("bytes=-99", .part(0..<10)), ("bytes=10-", .outside),
            ("bytes=-0", .outside),
            ("bytes=4-2", .whole), ("bytes=0-1,3-4", .whole), ("chunks=0-1", .whole), ("bytes=-", .whole),
            ("bytes=99999999999999999999-", .whole),
        ])
    func ranges(_ text: String, _ expected: ByteRange) {
        #expect(ByteRange(text, size: 10) == expected)
    }
}
