import ImageSpec
import Testing

@Suite("config.md")
struct ConfigurationTests {
    @Test("the specification's example is read whole")
    func example() throws {
        let image = try ImageConfiguration(parsing: try fixture("config.json"))
        #expect(image.platform == Platform(architecture: "amd64"))
        #expect(image.rootfs.diffIDs.count == 2)
        #expect(image.config?.user == "alice")
        #expect(image.config?.exposedPorts?.names == ["8080/tcp"])
        #expect(image.config?.environment?.first == "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        #expect(image.config?.entrypoint == ["/bin/my-app-binary"])
        #expect(image.config?.command?.count == 4)
        #expect(image.config?.volumes?.names == ["/var/job-result-data", "/var/log/my-app-logs"])
        #expect(image.config?.workingDirectory == "/home/alice")
        #expect(image.config?.labels?["com.example.project.git.url"] == "https://example.com/project.git")
        #expect(image.history?.last?.emptyLayer == true)
    }

    @Test("docker's nulls mean nothing")
    func nulls() throws {
        let image = try ImageConfiguration(parsing: try fixture("config-docker-nulls.json"))
        #expect(image.config?.entrypoint == nil)
        #expect(image.config?.volumes == nil)
        #expect(image.config?.healthcheck?.interval == 30_000_000_000)
        #expect(image.rootfs.diffIDs.isEmpty)
    }

    @Test(
        "a configuration without what it must have is refused",
        arguments: [
            "{}", "[]", #"{"architecture":"amd64","os":"linux"}"#,
            #"{"architecture":"amd64","os":"linux","rootfs":{"type":"tree","diff_ids":[]}}"#,
            #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:0"]}}"#,
            #"{"architecture":"amd64","os":"linux","config":{"Cmd":"sh"},"rootfs":{"type":"layers","diff_ids":[]}}"#,
        ])
    func refusals(_ text: String) {
        #expect(throws: ImageSpecError.self) { try ImageConfiguration(parsing: Array(text.utf8)) }
    }

    @Test("volumes are written as objects of empty objects")
    func volumes() throws {
        var defaults = ContainerDefaults()
        defaults.volumes = ["/b", "/a"]
        let bytes = try encodeDocument(defaults, subject: "config")
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"Volumes":{"/a":{},"/b":{}}}"#)
    }
}

@Suite("platforms")
struct PlatformTests {
    @Test(
        "docker's spellings of a platform are one",
        arguments: [
            ("linux/amd64", "linux/amd64"), ("linux/x86_64", "linux/amd64"), ("amd64", "linux/amd64"),
            ("linux/arm64", "linux/arm64/v8"), ("linux/aarch64", "linux/arm64/v8"), ("linux/armhf", "linux/arm/v7"),
            ("Linux/ARM64/v8", "linux/arm64/v8"), ("windows/amd64", "windows/amd64"),
        ])
    func spellings(_ text: String, _ expected: String) throws {
        #expect(try Platform(parsing: text).description == expected)
    }

    @Test("what is no platform is refused", arguments: ["", "/", "linux/", "a/b/c/d", "linux/amd 64"])
    func refusals(_ text: String) {
        #expect(throws: ImageSpecError.self) { try Platform(parsing: text) }
    }
}

@Suite("image-layout.md")
struct LayoutTests {
    @Test("a blob lies below its algorithm's directory")
    func places() throws {
        let digest = try Digest("sha256:" + String(repeating: "1", count: 64))
        #expect(ImageLayout.digest(ofPath: ImageLayout.path(of: digest)) == digest)
        #expect(ImageLayout.digest(ofPath: "blobs/sha256/x") == nil)
        #expect(ImageLayout.digest(ofPath: "a/blobs/sha256/\(digest.encoded)") == nil)
    }

    @Test("a layout of another version is refused")
    func versions() throws {
        _ = try ImageLayoutMarker(parsing: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        #expect(throws: ImageSpecError.self) {
            try ImageLayoutMarker(parsing: Array(#"{"imageLayoutVersion":"2.0.0"}"#.utf8))
        }
    }
}
