import Harness
import LinuxKernel
import Testing

@Suite("wherry-registry answers the clients that there are", .leavesNothingBehind)
struct RegistryTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func skopeo(_ arguments: String...) throws -> Outcome {
        try Command("skopeo", ["--insecure-policy"] + arguments).run()
    }

    private func push(_ registry: RegistryProgram, as name: String) throws {
        let layout = try TestImages.path("busybox.oci")
        let outcome = try skopeo(
            "copy", "--quiet", "--dest-tls-verify=false", "oci:\(layout):latest", "docker://\(registry.address)/\(name)"
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("what skopeo pushes it pulls with the same digests, and reads as a layout when nobody serves")
    func skopeoRoundTrip() throws {
        let registry = try RegistryProgram(in: scratch)
        try push(registry, as: "library/busybox:1")
        let original = try digest(of: "oci:\(try TestImages.path("busybox.oci")):latest")
        #expect(try digest(of: "docker://\(registry.address)/library/busybox:1") == original)
        let pulled = try skopeo(
            "copy", "--quiet", "--src-tls-verify=false", "docker://\(registry.address)/library/busybox:1",
            "oci:\(scratch("pulled")):1")
        #expect(pulled.status == 0, "\(pulled)")
        #expect(try registry.stop().status == 0)
        #expect(try digest(of: "oci:\(registry.root)/repositories/library/busybox/_image:1") == original)
    }

    private func digest(of image: String) throws -> String {
        try Command("skopeo", ["inspect", "--tls-verify=false", "--raw", image]).succeed()
    }

    @Test("it is found again as it was after it was killed in the middle of an upload, which goes on")
    func killed() throws {
        var registry = try RegistryProgram(in: scratch)
        try push(registry, as: "a/b:1")
        let location = try beginUpload(registry)
        #expect(try registry.request("PATCH", location, ["--data-binary", "hel"]).status == 202)
        try registry.program.signal(Signal.kill)
        _ = try registry.program.wait()
        registry = try RegistryProgram(in: scratch)
        #expect(try registry.request("GET", "/v2/a/b/tags/list").body == #"{"name":"a/b","tags":["1"]}"#)
        #expect(try registry.request("PATCH", location, ["--data-binary", "lo"]).status == 202)
        let hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        #expect(try registry.request("PUT", "\(location)?digest=\(hello)").status == 201)
        #expect(try registry.request("GET", "/v2/a/b/blobs/\(hello)").body == "hello")
    }

    private func beginUpload(_ registry: RegistryProgram) throws -> String {
        let headers = try registry.request("POST", "/v2/a/b/blobs/uploads/", ["--include"]).body
        let line = try #require(headers.split(separator: "\r\n").first { $0.lowercased().hasPrefix("location: ") })
        return String(line.dropFirst("location: ".count))
    }

    @Test("a chunk that is out of order is refused with 416, and the answer says where the upload stands")
    func disorder() throws {
        let registry = try RegistryProgram(in: scratch)
        let location = try beginUpload(registry)
        let second = ["--data-binary", "lo", "--header", "Content-Range: 3-4"]
        #expect(try registry.request("PATCH", location, second).status == 416)
        let first = ["--data-binary", "hel", "--header", "Content-Range: 0-2"]
        #expect(try registry.request("PATCH", location, first).status == 202)
        #expect(try registry.request("GET", location, ["--include"]).body.lowercased().contains("range: 0-2"))
        #expect(try registry.request("PATCH", location, second).status == 202)
        #expect(try registry.request("DELETE", location).status == 204)
        #expect(try registry.request("GET", location).status == 404)
    }

    @Test("catalog-flood: numbers without measure get one page")
    func flood() throws {
        let registry = try RegistryProgram(in: scratch)
        try push(registry, as: "a/b:1")
        for count in ["9223372036854775807", "99999999999999999999999999", "1000"] {
            let answer = try registry.request("GET", "/v2/_catalog?n=\(count)")
            #expect(answer.status == 200)
            #expect(answer.body == #"{"repositories":["a/b"]}"#)
            #expect(try registry.request("GET", "/v2/a/b/tags/list?n=\(count)").status == 200)
        }
        #expect(try registry.request("GET", "/v2/_catalog?n=-1").status == 405)
    }

    @Test("paths that lead out of the registry lead nowhere")
    func escapes() throws {
        let registry = try RegistryProgram(in: scratch)
        for path in [
            "/v2/../../etc/passwd", "/v2/%2e%2e/%2e%2e/tags/list", "/v2/a%00b/tags/list",
            "/v2/a/blobs/uploads/..%2f..%2fx",
        ] {
            #expect([400, 404].contains(try registry.request("GET", path).status), "\(path)")
        }
    }

    @Test("a client that asks before it sends is answered before it sends")
    func expectation() throws {
        let registry = try RegistryProgram(in: scratch)
        let body = scratch("body")
        try Command("truncate", ["--size", "9M", body]).succeed()
        let ask = ["--data-binary", "@\(body)", "--header", "Expect: 100-continue", "--expect100-timeout", "30"]
        // A manifest of 9 MB is too large, a blob is not.
        #expect(try registry.request("PUT", "/v2/a/b/manifests/latest", ask).status == 413)
        let location = try beginUpload(registry)
        #expect(try registry.request("PATCH", location, ask).status == 202)
    }

    @Test("a read-only registry serves and refuses to change, and one without deletion does not delete")
    func rules() throws {
        do { try push(try RegistryProgram(in: scratch), as: "a/b:1") }
        do {
            let registry = try RegistryProgram(in: scratch, ["--read-only"])
            #expect(try registry.request("GET", "/v2/a/b/manifests/1").status == 200)
            #expect(try registry.request("POST", "/v2/a/b/blobs/uploads/").status == 405)
            #expect(try registry.request("DELETE", "/v2/a/b/manifests/1").status == 405)
        }
        let registry = try RegistryProgram(in: scratch, ["--no-delete"])
        #expect(try registry.request("DELETE", "/v2/a/b/manifests/1").status == 405)
        #expect(try registry.request("POST", "/v2/a/b/blobs/uploads/").status == 202)
    }

    @Test("with --htpasswd only its users get in, and read without one if that is wanted")
    func passwords() throws {
        do { try push(try RegistryProgram(in: scratch), as: "a/b:1") }
        // htpasswd -nbB alice secret
        try Files.write(scratch("users"), "alice:$2y$05$w8Q4ALsQ/qcDwIeyLGKhG.400gGeDz3EIxLEFSWrPa/xSVAsX8NeS\n")
        do {
            let registry = try RegistryProgram(in: scratch, ["--htpasswd", scratch("users")])
            #expect(try registry.request("GET", "/v2/").status == 401)
            #expect(try registry.request("GET", "/").status == 401)
            #expect(try registry.request("GET", "/v2/", ["--user", "alice:wrong"]).status == 401)
            #expect(try registry.request("GET", "/v2/", ["--user", "bob:secret"]).status == 401)
            #expect(try registry.request("GET", "/v2/", ["--user", "alice:secret"]).status == 200)
            #expect(try registry.request("GET", "/healthz").status == 200)
            let copy = try skopeo(
                "copy", "--quiet", "--src-tls-verify=false", "--src-creds", "alice:secret",
                "docker://\(registry.address)/a/b:1", "dir:\(scratch("pulled"))")
            #expect(copy.status == 0, "\(copy)")
        }
        let registry = try RegistryProgram(in: scratch, ["--htpasswd", scratch("users"), "--anonymous-pull"])
        #expect(try registry.request("GET", "/v2/a/b/manifests/1").status == 200)
        #expect(try registry.request("POST", "/v2/a/b/blobs/uploads/").status == 401)
    }

    @Test("token-confusion: a token serves the repository that it is for, and no other one")
    func tokens() throws {
        do { try push(try RegistryProgram(in: scratch), as: "a/b:1") }
        let signer = try TokenSigner(.p256)
        try Files.write(scratch("keys"), signer.publicPEM)
        let registry = try RegistryProgram(
            in: scratch,
            [
                "--token-realm", "https://auth.example/token", "--token-service", "registry.example",
                "--token-issuer", "port office", "--token-keys", scratch("keys"),
            ])
        let challenge = try registry.request("GET", "/v2/a/b/tags/list", ["--include"]).body
        #expect(
            challenge.contains(
                #"Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull""#))
        func access(_ name: String, _ actions: String) throws -> String {
            try signer.token(
                #"{"iss":"port office","aud":"registry.example","exp":4000000000,"access":"#
                    + #"[{"type":"repository","name":"\#(name)","actions":[\#(actions)]}]}"#)
        }
        let pull = try access("a/b", #""pull""#)
        let pulled = try skopeo(
            "copy", "--quiet", "--src-tls-verify=false", "--src-registry-token", pull,
            "docker://\(registry.address)/a/b:1", "dir:\(scratch("pulled"))")
        #expect(pulled.status == 0, "\(pulled)")
        let layer = try #require(
            try registry.request("GET", "/v2/a/b/manifests/1", ["--header", "Authorization: Bearer \(pull)"]).body
                .firstMatch(of: #/"layers".*"digest": ?"(sha256:[0-9a-f]+)"/#)?.1)
        // Its blobs do not come into a repository of one's own, neither by name nor by a mount from wherever they are.
        let other = ["--header", "Authorization: Bearer \(try access("c", #""pull","push""#))"]
        #expect(try registry.request("GET", "/v2/a/b/blobs/\(layer)", other).status == 401)
        #expect(try registry.request("POST", "/v2/c/blobs/uploads/?mount=\(layer)&from=a/b", other).status == 401)
        #expect(try registry.request("POST", "/v2/c/blobs/uploads/?mount=\(layer)", other).status == 202)
        #expect(try registry.request("DELETE", "/v2/a/b/manifests/1", other).status == 401)
        #expect(try registry.request("GET", "/", other).status == 401)
    }

    @Test("people see repositories, tags and what they are made of, and no name becomes markup")
    func pages() throws {
        let registry = try RegistryProgram(in: scratch)
        try push(registry, as: "a/b:1")
        #expect(try registry.request("GET", "/").body.contains("<a href=\"/repositories/a/b\">a/b</a>"))
        let tags = try registry.request("GET", "/repositories/a/b").body
        #expect(tags.contains("<td>1</td>"))
        let link = try #require(tags.firstMatch(of: #/href="(/repositories/a/b@sha256:[0-9a-f]+)"/#)?.1)
        #expect(try registry.request("GET", String(link)).body.contains("application/vnd.oci.image.layer.v1.tar+gzip"))
        let hostile = try registry.request("GET", "/repositories/%3Cscript%3E")
        #expect(hostile.status == 404)
        #expect(!hostile.body.contains("<script>"))
    }

    @Test("monitors get counts and health")
    func monitoring() throws {
        let registry = try RegistryProgram(in: scratch)
        #expect(try registry.request("GET", "/healthz").body == #"{"status":"ok"}"#)
        let counts = try registry.request("GET", "/metrics").body
        #expect(counts.contains(#"wherry_registry_requests_total{method="GET",code="200"} 1"#), "\(counts)")
    }

    @Test("garbage-collect frees what no manifest needs, and is refused while the registry is served")
    func collection() throws {
        let collect = Command(try Programs.ours("wherry-registry"), ["garbage-collect", "--root", scratch("registry")])
        do {
            let registry = try RegistryProgram(in: scratch)
            try push(registry, as: "a/b:1")
            #expect(try collect.run().status == 1)
            #expect(try registry.request("DELETE", "/v2/a/b/manifests/1").status == 202)
            let headers = try registry.request("HEAD", "/v2/a/b/manifests/1", ["--head"])
            #expect(headers.status == 404)
        }
        #expect(try collect.succeed().hasPrefix("removed 0 manifests, 0 blobs"))
    }

    @Test("an address that is taken, or none, is said in one line")
    func address() throws {
        let registry = try RegistryProgram(in: scratch)
        for (address, root) in [(registry.address, "other"), ("nonsense", "third"), ("127.0.0.1:0", "registry")] {
            let outcome = try Command(
                try Programs.ours("wherry-registry"), ["serve", "--root", scratch(root), "--listen", address]
            ).run()
            #expect(outcome.status == 1)
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        }
    }
}
