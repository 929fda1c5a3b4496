internal import FoundationEssentials
internal import LineProtocol
internal import RuntimeSpec

/// A seccomp profile as docker has it: that of runtime-spec, but for rules that hold only with some capabilities, on
/// some architectures or from some kernel on. Pure.
struct SeccompProfile: Codable, Sendable, Hashable {
    struct Architecture: Codable, Sendable, Hashable {
        var architecture: String
        var subArchitectures: [String]?
    }

    /// All that is named must hold for `includes`; any of it excludes.
    struct Condition: Codable, Sendable, Hashable {
        var caps: [String]?
        /// `amd64`, `arm64`.
        var arches: [String]?
        /// `4.8`.
        var minKernel: String?
    }

    struct Rule: Codable, Sendable, Hashable {
        var names: [String]?
        /// In profiles of old.
        var name: String?
        var action: SeccompAction
        var errnoRet: UInt32?
        var args: [SeccompArgument]?
        var includes: Condition?
        var excludes: Condition?
    }

    var defaultAction: SeccompAction
    var defaultErrnoRet: UInt32?
    var architectures: [String]?
    var archMap: [Architecture]?
    var flags: [String]?
    var listenerPath: String?
    var listenerMetadata: String?
    var syscalls: [Rule]?
}

extension SeccompProfile {
    /// Reads and checks the text of a profile.
    init(json: String) throws(ProtocolFailure) {
        do { self = try decodeJSON(SeccompProfile.self, Array(json.utf8)) } catch {
            throw Self.invalid(describeDecoding(error))
        }
        guard (architectures ?? []).isEmpty || (archMap ?? []).isEmpty else {
            throw Self.invalid("it has both architectures and archMap: use either")
        }
        for rule in syscalls ?? [] {
            guard ((rule.name ?? "").isEmpty) != ((rule.names ?? []).isEmpty) else {
                throw Self.invalid("a rule needs either names or name")
            }
            for version in [rule.includes?.minKernel, rule.excludes?.minKernel] {
                if let version, KernelVersion(version) == nil {
                    throw Self.invalid("minKernel \"\(version)\" is no version: it must be as 4.8")
                }
            }
        }
    }

    private static func invalid(_ reason: String) -> ProtocolFailure {
        ProtocolFailure(.invalidArgument, "--security-opt seccomp: decoding seccomp profile failed: \(reason)")
    }

    /// What of it holds for a container with these capabilities on this machine.
    func resolved(capabilities: Set<String>, machine: Machine) -> Seccomp {
        let place = Place(capabilities: capabilities, machine)
        return Seccomp(
            defaultAction: defaultAction, defaultErrnoRet: defaultErrnoRet,
            architectures: architectures ?? place.architectures(archMap ?? []), flags: flags,
            listenerPath: listenerPath, listenerMetadata: listenerMetadata,
            syscalls: (syscalls ?? []).filter(place.takes).map {
                SeccompRule(
                    names: $0.names ?? [$0.name ?? ""], action: $0.action, errnoRet: $0.errnoRet, args: $0.args)
            })
    }

    /// What conditions are about.
    private struct Place {
        let capabilities: Set<String>
        /// As docker's profiles name it.
        let architecture: String
        /// As libseccomp names it.
        let nativeArchitecture: String
        let kernel: KernelVersion

        init(capabilities: Set<String>, _ machine: Machine) {
            self.capabilities = capabilities
            let isArm = machine.architecture == "aarch64"
            (architecture, nativeArchitecture) =
                isArm ? ("arm64", "SCMP_ARCH_AARCH64") : ("amd64", "SCMP_ARCH_X86_64")
            kernel = KernelVersion(machine.kernel) ?? KernelVersion(major: 0, minor: 0)
        }

        func architectures(_ map: [Architecture]) -> [String]? {
            guard let native = map.first(where: { $0.architecture == nativeArchitecture }) else { return nil }
            return [native.architecture] + (native.subArchitectures ?? [])
        }

        func takes(_ rule: Rule) -> Bool {
            if let excludes = rule.excludes, isAnyTrue(excludes) { return false }
            return rule.includes.map(areAllTrue) ?? true
        }

        private func isAnyTrue(_ condition: Condition) -> Bool {
            (condition.arches ?? []).contains(architecture)
                || (condition.caps ?? []).contains(where: capabilities.contains)
                || condition.minKernel.flatMap(KernelVersion.init).map { kernel >= $0 } ?? false
        }

        private func areAllTrue(_ condition: Condition) -> Bool {
            (condition.arches ?? [architecture]).contains(architecture)
                && (condition.caps ?? []).allSatisfy(capabilities.contains)
                && condition.minKernel.flatMap(KernelVersion.init).map { kernel >= $0 } ?? true
        }
    }
}

/// The first two numbers of a kernel's release: `6.1` of `6.1.0-18-amd64`.
struct KernelVersion: Comparable, Sendable {
    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let numbers = text.split(separator: ".", maxSplits: 2).map { $0.prefix { $0.isASCII && $0.isNumber } }
        guard numbers.count >= 2, let major = Int(numbers[0]), let minor = Int(numbers[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (one: KernelVersion, other: KernelVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
