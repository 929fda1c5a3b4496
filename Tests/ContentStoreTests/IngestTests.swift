import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@Suite("the content store")
struct IngestTests {
    let scratch: Scratch
    let store: ContentStore
    /// printf hello | sha256sum
    static let hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
    }

    @Test("a committed content is named by its digest and read back")
    func commit() throws {
        var ingest = try store.begin()
        try ingest.write(Array("hel".utf8))
        try ingest.write(Array("lo".utf8))
        let content = try ingest.commit()
        #expect(content.digest.description == Self.hello)
        #expect(content.size == 5)
        #expect(try store.read(content.digest) == Array("hello".utf8))
        #expect(try store.list() == [content])
        try store.verify(content.digest)
    }

    @Test("a download is gone on with where it was, and removed when nobody does for long")
    func downloads() throws {
        let digest = try Digest(Self.hello)
        var first = try store.resumeDownload(of: digest)
        try first.write(Array("hel".utf8))
        first.suspend()
        let second = try store.resumeDownload(of: digest)
        #expect(second.size == 3)
        second.suspend()
        #expect(try store.removeDownloads(notTouchedSince: Timestamp(nanoseconds: 0)) == 0)
        let later = Timestamp(nanoseconds: Timestamp.now.nanoseconds + 2_000_000_000)
        #expect(try store.removeDownloads(notTouchedSince: later) == 3)
        let third = try store.resumeDownload(of: digest)
        #expect(third.size == 0)
        third.cancel()
    }

    @Test("sha512 is computed and kept beside sha256")
    func sha512() throws {
        var ingest = try store.begin(.sha512)
        try ingest.write(Array("hello".utf8))
        let content = try ingest.commit()
        #expect(content.digest.encoded.hasPrefix("9b71d224bd62f378"))
        #expect(store.contains(content.digest))
    }

    @Test("nothing is in the store before the commit, nor after a cancelled one")
    func cancel() throws {
        var ingest = try store.begin()
        try ingest.write(Array("hello".utf8))
        #expect(!store.contains(try Digest(Self.hello)))
        ingest.cancel()
        #expect(try scratch.names("content/ingest") == [])
        #expect(try store.list() == [])
    }

    @Test("digest-lie: content that is not what was announced is refused and leaves nothing")
    func lies() throws {
        let other = try Digest("sha256:" + String(repeating: "0", count: 64))
        #expect(throws: ContentStoreError.digestMismatch(expected: other, actual: try Digest(Self.hello))) {
            var ingest = try store.begin()
            try ingest.write(Array("hello".utf8))
            _ = try ingest.commit(expecting: other)
        }
        #expect(throws: ContentStoreError.sizeMismatch(subject: Self.hello, expected: 6, actual: 5)) {
            var ingest = try store.begin()
            try ingest.write(Array("hello".utf8))
            _ = try ingest.commit(expecting: try Digest(Self.hello), size: 6)
        }
        #expect(try scratch.names("content/ingest") == [])
        #expect(try store.list() == [])
    }

    @Test("the same content twice is one content")
    func twice() throws {
        let first = try store.add(Array("hello".utf8))
        var ingest = try store.begin()
        try ingest.write(Array("hello".utf8))
        #expect(try ingest.commit().digest == first)
        #expect(try store.list().count == 1)
        #expect(try scratch.names("content/ingest") == [])
    }

    @Test("state-permissions: directories are 0700 and files 0600, whatever the umask")
    func permissions() throws {
        let digest = try store.add(Array("hello".utf8))
        let root = Descriptor.workingDirectory
        #expect(try root.status(of: scratch("content")).mode == 0o700)
        #expect(try root.status(of: scratch("content/blobs/sha256")).mode == 0o700)
        #expect(try root.status(of: scratch("content/" + ImageLayout.path(of: digest))).mode == 0o600)
    }

    @Test("what a crash left in ingest is gone after the next open")
    func recovery() throws {
        let place = scratch("other")
        do { _ = try ContentStore(opening: place) }
        try Descriptor.workingDirectory.writeFileDurably("\(place)/ingest/half", Array("hel".utf8))
        _ = try ContentStore(opening: place)
        #expect(try scratch.names("other/ingest") == [])
    }

    @Test("a second supervisor is refused")
    func lock() throws {
        #expect(throws: ContentStoreError.inUse(path: scratch("content"))) {
            try ContentStore(opening: scratch("content"))
        }
    }

    @Test("a damaged content is set aside, named, and never deleted")
    func damage() throws {
        let digest = try store.add(Array("hello".utf8))
        let path = scratch("content/" + ImageLayout.path(of: digest))
        try Descriptor.workingDirectory.writeFileDurably(path, Array("jello".utf8))
        let error = #expect(throws: ContentStoreError.self) { try store.read(digest) }
        guard case .damaged(digest, let place)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try Descriptor.workingDirectory.readFile(place) == Array("jello".utf8))
        #expect(throws: ContentStoreError.notFound(digest)) { try store.read(digest) }
    }

    @Test("a document that is too large is not read into memory")
    func tooLarge() throws {
        let digest = try store.add([UInt8](repeating: 0, count: 1025))
        #expect(throws: ContentStoreError.tooLarge(subject: digest.description, limit: 1024)) {
            try store.read(digest, limit: 1024)
        }
    }

    @Test("many threads may write the same and different contents at once")
    func concurrency() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask { [store] in
                    try store.add([UInt8](repeating: UInt8(number % 4), count: 10_000))
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.list().count == 4)
    }
}

@Suite("leases and the collection of garbage")
struct LeaseTests {
    let scratch: Scratch
    let store: ContentStore

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
    }

    @Test("a collection spares what is kept and what is leased")
    func collection() throws {
        let kept = try store.add([1])
        let lease = store.lease()
        let leased = try store.add([2], holding: lease)
        let garbage = try store.add([3])
        #expect(try store.collect(keeping: [kept]).map(\.digest) == [garbage])
        #expect(store.contains(kept) && store.contains(leased) && !store.contains(garbage))
    }

    @Test("what a lease held is garbage once it is gone")
    func release() throws {
        do {
            let lease = store.lease()
            _ = try store.add([2], holding: lease)
            #expect(try store.collect(keeping: []).isEmpty)
        }
        #expect(try store.collect(keeping: []).count == 1)
    }

    @Test("an abandoned lease takes what came under it, and nothing that another holds or that was there")
    func abandon() throws {
        let (mine, other) = (store.lease(), store.lease())
        let before = try store.add([1])
        _ = try store.add([1], holding: mine)
        let own = try store.add([2], holding: mine)
        let shared = try store.add([3], holding: mine)
        _ = try store.add([3], holding: other)
        mine.abandon()
        #expect(store.contains(before) && store.contains(shared) && !store.contains(own))
    }

    @Test("config.md, Layer ChainID: a chain is the hash of the chain below and the diff ID")
    func chains() throws {
        let zero = try Digest("sha256:" + String(repeating: "0", count: 64))
        let chains = try ChainID.all(of: [zero, zero])
        #expect(chains[0].digest == zero)
        #expect(chains[1].digest == (try Digest.of(Array("\(zero) \(zero)".utf8))))
        #expect(try ChainID.of([]) == nil)
    }
}
