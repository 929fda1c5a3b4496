import ContentStore
import Harness
import ImageSpec
import LinuxKernel
import Testing

@testable import Layers

@Suite("image archives")
struct ImageArchiveTests {
    let scratch: Scratch
    let store: ContentStore
    let lease: ContentLease

    init() throws {
        scratch = try Scratch()
        store = try ContentStore(opening: scratch("content"))
        lease = store.lease()
    }

    private func read(_ build: (inout ArchiveBuilder) throws -> Void) throws -> [ArchivedImage] {
        var builder = ArchiveBuilder()
        try build(&builder)
        let file = try readable(builder.archive)
        let reader = ImageArchiveReader(store: store, platform: Platform(architecture: "amd64"))
        return try reader.read(from: file.descriptor, holding: lease)
    }

    @Test(
        "image-layout.md: every named manifest is an image, in whatever order the archive has its parts",
        arguments: [false, true])
    func layout(_ isReversed: Bool) throws {
        let images = try read {
            $0.isReversed = isReversed
            let one = try $0.addImage("example.com/one:v1", file: "one")
            let two = try $0.addImage("two", file: "two")
            try $0.addLayout([one, two])
        }
        #expect(images.map { $0.references.map(\.familiar) } == [["example.com/one:v1"], ["two:latest"]])
        for image in images { #expect(store.contains(image.configuration.digest)) }
    }

    @Test("of an index the image for this platform is taken, and platforms that were not saved are no error")
    func platforms() throws {
        let images = try read {
            var arm = try $0.addImage(nil, file: "arm", platform: Platform(architecture: "arm64"))
            arm.platform = Platform(architecture: "arm64")
            var amd = try $0.addImage(nil, file: "amd", platform: Platform(architecture: "amd64"))
            amd.platform = Platform(architecture: "amd64")
            var absent = amd
            absent.digest = try Digest.of([1])
            var index = try $0.addDocument(Index(manifests: [absent, arm, amd]), .ociIndex)
            index.annotations = [AnnotationKey.containerdImageName: "docker.io/library/multi:latest"]
            try $0.addLayout([index])
        }
        let image = try #require(images.first)
        #expect(image.references.map(\.familiar) == ["multi:latest"])
        let configuration = try ImageConfiguration(parsing: try store.read(image.configuration))
        #expect(configuration.architecture == "amd64")
    }

    @Test("an index without an image for this platform says which ones it has")
    func otherPlatforms() throws {
        let error = #expect(throws: LayerError.self) {
            try read {
                var arm = try $0.addImage(nil, platform: Platform(architecture: "arm64"))
                arm.platform = Platform(architecture: "arm64")
                let index = try $0.addDocument(Index(manifests: [arm]), .ociIndex)
                try $0.addLayout([index])
            }
        }
        #expect(error?.description.contains("no image for linux/amd64") == true, "\(String(describing: error))")
        #expect(try store.list() == [])
    }

    @Test("docker save's archives keep their configuration byte for byte, with layers found through links")
    func dockerSave() throws {
        let layer = ArchiveBuilder.layer("file")
        let configuration = bytes(
            #"{"architecture":"amd64","os":"linux",  "rootfs":{"type":"layers","diff_ids":[""#
                + (try Digest.of(layer)).description + #"",""# + (try Digest.of(layer)).description + #""]}}"#)
        let images = try read {
            $0.addFile("one/layer.tar", layer)
            $0.addFile("one/json", bytes("{}"))
            $0.addFile("one/VERSION", bytes("1.0"))
            $0.links.append((name: "two/layer.tar", target: "../one/layer.tar"))
            $0.addFile("abc.json", configuration)
            $0.addFile("repositories", bytes("{}"))
            $0.addFile(
                "manifest.json",
                bytes(
                    #"[{"Config":"abc.json","RepoTags":["app:v1","app:v2"],"Layers":["one/layer.tar","two/layer.tar"]}]"#
                ))
        }
        let image = try #require(images.first)
        #expect(image.references.map(\.familiar) == ["app:v1", "app:v2"])
        #expect(image.configuration.digest == (try Digest.of(configuration)))
        #expect(try store.read(image.configuration) == configuration)
        #expect(try store.list().count == 3)
    }

    @Test("an OCI layout that is a directory is read alike, and a link out of it is not followed")
    func directory() throws {
        var builder = ArchiveBuilder()
        let manifest = try builder.addImage("app:v1")
        try builder.addLayout([manifest])
        for (name, content) in builder.entries {
            let path = scratch("layout/\(name)")
            if let slash = path.lastIndex(of: "/") {
                try Descriptor.workingDirectory.makeDirectories(String(path[..<slash]))
            }
            try Descriptor.workingDirectory.writeFileDurably(path, content)
        }
        let directory = try Descriptor.workingDirectory.open(scratch("layout"), [.directory])
        let images = try ImageArchiveReader(store: store).read(layout: directory.descriptor, holding: lease)
        #expect(images.first?.references.map(\.familiar) == ["app:v1"])
        try Descriptor.workingDirectory.removeFile(scratch("layout/index.json"))
        try Descriptor.workingDirectory.makeSymbolicLink(scratch("layout/index.json"), to: "/etc/passwd")
        #expect(throws: LayerError.self) {
            try ImageArchiveReader(store: store).read(layout: directory.descriptor, holding: lease)
        }
    }

    @Test("digest-lie: a blob that is not what its name says is refused, and nothing of the archive stays")
    func lies() throws {
        #expect(throws: LayerError.self) {
            try read {
                let manifest = try $0.addImage("app")
                $0.addFile(ImageLayout.path(of: try Digest.of([1])), [2])
                try $0.addLayout([manifest])
            }
        }
        #expect(try store.list() == [])
    }

    @Test("digest-lie: a descriptor with another size is refused")
    func sizes() throws {
        #expect(throws: LayerError.self) {
            try read {
                var manifest = try $0.addImage("app")
                manifest.size += 1
                try $0.addLayout([manifest])
            }
        }
        #expect(throws: LayerError.self) {
            try read {
                var layer = try $0.addBlob(ArchiveBuilder.layer("x"))
                layer.size = 1
                let config = try $0.addDocument(
                    ImageConfiguration(platform: .host, diffIDs: [layer.digest]), .ociConfiguration)
                try $0.addLayout([try $0.addDocument(Manifest(config: config, layers: [layer]), .ociManifest)])
            }
        }
        #expect(try store.list() == [])
    }

    @Test("a layer, a configuration or a manifest that is not in the archive is named", arguments: 0..<3)
    func missing(_ part: Int) throws {
        #expect(throws: LayerError.self) {
            try read {
                var builder = ArchiveBuilder()
                let manifest = try builder.addImage("app")
                for (position, entry) in builder.entries.enumerated() where position != part {
                    $0.addFile(entry.name, entry.content)
                }
                try $0.addLayout([manifest])
            }
        }
        #expect(try store.list() == [])
    }

    @Test("manifest-crash: hostile documents are errors, and leave nothing")
    func hostileDocuments() throws {
        for text in [
            "", "{}", "null", "[]", #"{"schemaVersion":2,"manifests":null}"#, #"{"schemaVersion":2,"manifests":[]}"#,
        ] {
            #expect(throws: LayerError.self, "\(text)") { try read { $0.addFile("index.json", bytes(text)) } }
        }
        for text in [
            "", "{}", "null", "[]", "[null]", #"[{"Config":"../../etc/passwd","Layers":[]}]"#,
            #"[{"Config":"a","Layers":["b"]}]"#, #"[{"Config":"loop","Layers":[]}]"#,
        ] {
            #expect(throws: LayerError.self, "\(text)") {
                try read {
                    $0.addFile("manifest.json", bytes(text))
                    $0.links = [("loop", "loop2"), ("loop2", "loop")]
                }
            }
        }
        #expect(try store.list() == [])
    }

    @Test("a root filesystem is no image archive, and the error says what to do")
    func rootFilesystem() throws {
        let error = #expect(throws: LayerError.self) { try read { $0.addFile("bin/sh", [1]) } }
        #expect(error?.description.contains("import") == true)
    }

    @Test("layer-bomb: indexes nested in indexes come to an end")
    func nestedIndexes() throws {
        #expect(throws: LayerError.self) {
            try read {
                var entry = try $0.addImage(nil)
                for _ in 0..<20 { entry = try $0.addDocument(Index(manifests: [entry]), .ociIndex) }
                try $0.addLayout([entry])
            }
        }
    }

    @Test("an artifact that is no image is refused by its type")
    func artifacts() throws {
        let error = #expect(throws: LayerError.self) {
            try read {
                let config = try $0.addDocument(
                    [String: String](), MediaType(rawValue: "application/vnd.cncf.helm.config.v1+json"))
                try $0.addLayout([try $0.addDocument(Manifest(config: config, layers: []), .ociManifest)])
            }
        }
        #expect(error?.description.contains("helm") == true)
    }
}
