import ImageSpec
import LineProtocol
import Testing

@testable import Engine

@Suite("docker's rules for a new container")
struct CreationTests {
    private func configuration(
        _ change: (inout ContainerSpecification) -> Void = { _ in }, image: (inout ContainerDefaults) -> Void = { _ in }
    ) throws(ProtocolFailure) -> ContainerConfiguration {
        var wanted = ContainerSpecification(image: "x")
        var defaults = ContainerDefaults()
        defaults.command = ["sh"]
        change(&wanted)
        image(&defaults)
        let id = String(repeating: "a", count: 64)
        return try ContainerConfiguration(wanted, image: defaults, id: id, networkName: "machine")
    }

    private func refusal(_ change: (inout ContainerSpecification) -> Void) -> ProtocolFailure.Kind? {
        do { _ = try configuration(change) } catch { return error.kind }
        return nil
    }

    @Test("the image's command runs unless another is given")
    func command() throws {
        #expect(try configuration().arguments == ["sh"])
        #expect(try configuration({ $0.command = ["ls", "-l"] }).arguments == ["ls", "-l"])
    }

    @Test("the image's entry point stands before either command")
    func imageEntrypoint() throws {
        let image: (inout ContainerDefaults) -> Void = { $0.entrypoint = ["init"] }
        #expect(try configuration(image: image).arguments == ["init", "sh"])
        #expect(try configuration({ $0.command = ["x"] }, image: image).arguments == ["init", "x"])
    }

    @Test("an entry point of the user's drops the image's command")
    func ownEntrypoint() throws {
        #expect(try configuration({ $0.entrypoint = ["ls"] }).arguments == ["ls"])
        let both = try configuration {
            $0.entrypoint = ["ls"]
            $0.command = ["-l"]
        }
        #expect(both.arguments == ["ls", "-l"])
    }

    @Test("an empty entry point resets the image's", arguments: [[], [""]])
    func resetEntrypoint(_ entrypoint: [String]) throws {
        let reset = try configuration {
            $0.entrypoint = entrypoint
            $0.command = ["x"]
        } image: {
            $0.entrypoint = ["init"]
        }
        #expect(reset.arguments == ["x"])
    }

    @Test("without any command there is no container")
    func noCommand() { #expect(refusal { $0.entrypoint = [""] } == .invalidArgument) }

    @Test("the environment is PATH and HOSTNAME, the image's, the user's, each name once")
    func environment() throws {
        let made = try configuration {
            $0.environment = ["A=2", "C=", "HOSTNAME"]
        } image: {
            $0.environment = ["PATH=/bin", "A=1", "B=x=y"]
        }
        #expect(made.environment == ["PATH=/bin", "A=2", "B=x=y", "C="])
        #expect(try configuration({ $0.terminal = true }).environment.contains("TERM=xterm"))
    }

    @Test("the hostname is the ID's beginning, or the machine's in its network")
    func hostname() throws {
        #expect(try configuration().hostname == "aaaaaaaaaaaa")
        #expect(try configuration({ $0.network = .host }).hostname == "machine")
        #expect(try configuration({ $0.hostname = "own" }).hostname == "own")
        #expect(refusal { $0.hostname = "a b" } == .invalidArgument)
    }

    @Test("the working directory is absolute")
    func workingDirectory() throws {
        #expect(try configuration().workingDirectory == "/")
        #expect(try configuration(image: { $0.workingDirectory = "/srv" }).workingDirectory == "/srv")
        #expect(refusal { $0.workingDirectory = "srv" } == .invalidArgument)
    }

    @Test("labels of the user's win over the image's")
    func labels() throws {
        let made = try configuration({ $0.labels = ["a": "1"] }, image: { $0.labels = ["a": "0", "b": "2"] })
        #expect(made.labels == ["a": "1", "b": "2"])
    }

    @Test("a stop signal must be one")
    func stopSignal() throws {
        #expect(try configuration({ $0.stopSignal = "SIGUSR1" }).stopSignal == "SIGUSR1")
        #expect(refusal { $0.stopSignal = "SIGNOPE" } == .invalidArgument)
    }

    @Test("a NUL byte is refused everywhere")
    func nulBytes() {
        #expect(refusal { $0.command = ["a\u{0}b"] } == .invalidArgument)
        #expect(refusal { $0.environment = ["A=\u{0}"] } == .invalidArgument)
    }

    @Test("names are docker's", arguments: [("web_1.x-y", true), ("-web", false), ("we b", false), ("wéb", false)])
    func names(_ name: String, _ isAllowed: Bool) { #expect(isRestrictedName(name) == isAllowed) }

    @Test("identifiers are 64 hexadecimal digits and never the same")
    func identifiers() {
        let made = Set((0..<1000).map { _ in randomIdentifier() })
        #expect(made.count == 1000)
        #expect(!made.contains { !($0.utf8.count == 64 && $0.utf8.allSatisfy(\.isHexadecimal)) })
    }
}

@Suite("The rules for mounts")
struct MountTests {
    private func mounts(_ mounts: [ContainerSpecification.Mount], volumes: [String] = []) throws(ProtocolFailure)
        -> [ContainerSpecification.Mount]
    {
        var wanted = ContainerSpecification(image: "x")
        wanted.mounts = mounts
        var image = ContainerDefaults()
        image.volumes = ObjectKeys(volumes)
        return try MountRules.mounts(wanted, image: image)
    }

    private func isRefused(_ mount: ContainerSpecification.Mount...) -> Bool {
        do { _ = try mounts(mount) } catch { return error.kind == .invalidArgument }
        return false
    }

    @Test("the image's volumes come where the user mounts nothing")
    func imageVolumes() throws {
        let made = try mounts([.init(kind: .bind, source: "/src", target: "/data/")], volumes: ["/data", "/log"])
        #expect(made.map(\.target) == ["/data", "/log"])
        #expect(made.map(\.kind) == [.bind, .volume])
    }

    @Test("paths are absolute, without dots, and not the root")
    func targets() throws {
        #expect(try mounts([.init(kind: .volume, source: nil, target: "/a/./b/../c//")]).first?.target == "/a/c")
        #expect(isRefused(.init(kind: .volume, source: nil, target: "a")))
        #expect(isRefused(.init(kind: .volume, source: nil, target: "/a/..")))
        #expect(isRefused(.init(kind: .bind, source: "src", target: "/a")))
    }

    @Test("one target has one mount")
    func duplicates() {
        #expect(
            isRefused(.init(kind: .bind, source: "/x", target: "/a"), .init(kind: .volume, source: "v1", target: "/a/"))
        )
    }

    @Test("propagation is one that the kernel has")
    func propagation() {
        #expect(isRefused(.init(kind: .bind, source: "/x", target: "/a", propagation: "wide")))
    }
}
