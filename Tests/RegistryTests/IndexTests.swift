import ImageSpec
import Testing

@testable import Registry

@Suite("A repository's index")
struct IndexTests {
    static func digest(_ digit: Character) throws -> Digest {
        try Digest("sha256:" + String(repeating: digit, count: 64))
    }

    static func descriptor(_ digit: Character) throws -> ContentDescriptor {
        ContentDescriptor(mediaType: .ociManifest, digest: try digest(digit), size: 7)
    }

    @Test("a manifest is listed once for each of its tags, and once without any")
    func document() throws {
        var index = RepositoryIndex()
        index.add(try Self.descriptor("a"), subject: nil, tags: ["one", "two"])
        index.add(try Self.descriptor("b"), subject: nil, tags: [])
        let names = index.document.manifests.map { $0.annotations?[AnnotationKey.referenceName] }
        #expect(names == ["one", "two", nil])
        #expect(RepositoryIndex(index.document) == index)
    }

    @Test("a tag moves to the manifest that is pushed last, and the other stays")
    func move() throws {
        var index = RepositoryIndex()
        index.add(try Self.descriptor("a"), subject: nil, tags: ["latest"])
        index.add(try Self.descriptor("b"), subject: nil, tags: ["latest"])
        #expect(index.descriptor(.tag("latest"))?.digest == (try Self.digest("b")))
        #expect(index.descriptor(.digest(try Self.digest("a"))) != nil)
    }

    @Test("a manifest takes its tags and what it says of its subject with it")
    func removal() throws {
        var index = RepositoryIndex()
        index.add(try Self.descriptor("a"), subject: try Self.digest("b"), tags: ["one", "two"])
        #expect(index.referrers(of: try Self.digest("b")).count == 1)
        #expect(index.remove(manifest: try Self.digest("a")))
        #expect(index == RepositoryIndex())
        #expect(!index.remove(manifest: try Self.digest("a")))
    }

    @Test("subjects outlast a restart")
    func subjects() throws {
        var index = RepositoryIndex()
        index.add(try Self.descriptor("a"), subject: try Self.digest("b"), tags: ["one"])
        #expect(RepositoryIndex(index.document).subjects == [try Self.digest("a"): try Self.digest("b")])
    }

    @Test("pages go on after the last name, in the order of bytes")
    func pages() {
        let names = ["b", "A", "a", "B", "10", "9"]
        #expect(Page(of: names, count: nil, after: nil).names == ["10", "9", "A", "B", "a", "b"])
        let page = Page(of: names, count: 2, after: "9")
        #expect(page.names == ["A", "B"])
        #expect(page.hasMore)
        #expect(!Page(of: names, count: 2, after: "B").hasMore)
        let nothing = Page(of: names, count: 0, after: nil)
        #expect(nothing.names.isEmpty && !nothing.hasMore)
    }

    @Test("catalog-flood: whatever is asked for, one page is bounded")
    func flood() {
        let page = Page(of: (0..<5000).map(String.init), count: .max, after: nil)
        #expect(page.names.count == Page.limit)
        #expect(page.hasMore)
    }
}
