import ImageSpec
import LinuxKernel
import Testing

@testable import Snapshots

@Suite("where snapshots lie")
struct SnapshotLayoutTests {
    @Test("a layer's directory is named by its chain ID, and tells it")
    func names() throws {
        let chain = ChainID(digest: try Digest("sha256:" + String(repeating: "5", count: 64)))
        #expect(SnapshotLayout.chain(named: SnapshotLayout.name(of: chain)) == chain)
        for name in ["", "sha256", "sha256-", "sha256-zz", "md5-00", "../x"] {
            #expect(SnapshotLayout.chain(named: name) == nil, "\(name)")
        }
    }

    @Test("a container's name is docker's: a letter or digit, then also _ . and -")
    func containers() {
        for name in ["a", "0", "A.b_c-d", String(repeating: "a", count: 128)] {
            #expect(SnapshotLayout.isContainerName(name), "\(name)")
        }
        for name in ["", ".", "..", "-a", "_a", "a/b", "a b", "ä", String(repeating: "a", count: 129)] {
            #expect(!SnapshotLayout.isContainerName(name), "\(name)")
        }
    }
}
