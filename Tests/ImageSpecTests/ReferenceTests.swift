import ImageSpec
import Testing

@Suite("image references, as docker reads them")
struct ReferenceTests {
    @Test(
        "a name is completed by docker's defaults, and shown without them",
        arguments: [
            ("busybox", "docker.io/library/busybox", "busybox"),
            ("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"),
            ("library/busybox", "docker.io/library/busybox", "busybox"),
            ("docker.io/busybox", "docker.io/library/busybox", "busybox"),
            ("index.docker.io/library/busybox", "docker.io/library/busybox", "busybox"),
            ("user/app", "docker.io/user/app", "user/app"),
            ("docker.io/library/a/b", "docker.io/library/a/b", "library/a/b"),
            ("localhost/app", "localhost/app", "localhost/app"),
            ("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1"),
            ("registry.example.com/a/b/c:x", "registry.example.com/a/b/c:x", "registry.example.com/a/b/c:x"),
            ("127.0.0.1:5000/app", "127.0.0.1:5000/app", "127.0.0.1:5000/app"),
            ("[::1]:5000/app:v1", "[::1]:5000/app:v1", "[::1]:5000/app:v1"),
            ("[fd00::1]/app", "[fd00::1]/app", "[fd00::1]/app"),
            ("Example.com/app", "Example.com/app", "Example.com/app"),
            ("a.b__c-d---e_f", "docker.io/library/a.b__c-d---e_f", "a.b__c-d---e_f"),
        ])
    func completes(_ text: String, _ full: String, _ familiar: String) throws {
        let reference = try ImageReference(parsing: text)
        #expect(reference.description == full)
        #expect(reference.familiar == familiar)
        #expect(try ImageReference(parsing: full) == reference)
    }

    @Test(
        "what docker's grammar does not allow is refused by name",
        arguments: [
            "", ":tag", "@sha256:00", "Busybox", "user/Busybox", "a//b", "/a", "a/", "a:", "a:b:c", "a:-x", "a b",
            "a..b", "a___b", "-a", "a-", "_a", "a:" + String(repeating: "x", count: 129), "host:port/a", "host:/a",
            "[::g]/a", "[]/a", "-host.com/a", "é/a", "a@sha256:xyz", "a@md5:00000000000000000000000000000000",
            String(repeating: "a", count: 64), String(repeating: "a", count: 256), "a:tag@", "a\u{0}b", "a\nb",
        ])
    func refuses(_ text: String) {
        #expect(throws: ImageSpecError.self) { try ImageReference(parsing: text) }
    }

    @Test("a name may have a tag and a digest")
    func tagAndDigest() throws {
        let digest = "sha256:" + String(repeating: "0f", count: 32)
        let reference = try ImageReference(parsing: "localhost:5000/a/b:v1@\(digest)")
        #expect(reference.domain == "localhost:5000")
        #expect(reference.path == "a/b")
        #expect(reference.tag == "v1")
        #expect(reference.digest?.description == digest)
        #expect(reference.withDefaultTag == reference)
    }

    @Test("a name of 64 hexadecimal digits with a tag is a name")
    func longName() throws {
        _ = try ImageReference(parsing: String(repeating: "a", count: 63))
        #expect(try ImageReference(parsing: "busybox").withDefaultTag.familiar == "busybox:latest")
    }

    @Test("the tag and the path may be as long as docker allows")
    func limits() throws {
        _ = try ImageReference(parsing: "a:" + String(repeating: "x", count: 128))
        _ = try ImageReference(parsing: "localhost/" + String(repeating: "a", count: 255))
        #expect(throws: ImageSpecError.self) {
            try ImageReference(parsing: "localhost/" + String(repeating: "a", count: 256))
        }
    }
}
