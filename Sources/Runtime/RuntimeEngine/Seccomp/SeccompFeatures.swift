internal import CSeccomp
internal import LinuxKernel
internal import RuntimeSpec

extension SeccompFeatures {
    /// What the linked libseccomp and the running kernel know: features-linux.md, "Seccomp".
    static var ofThisRuntime: SeccompFeatures {
        SeccompFeatures(
            enabled: SeccompProgram.kernelKnows(action: 0x7fff_0000),
            actions: SeccompAction.allCases.filter(isKnown).map(\.rawValue).sorted(),
            operators: SeccompOperator.allCases.map(\.rawValue).sorted(),
            archs: architectures.filter { (try? SeccompWords.architecture($0)) != nil },
            knownFlags: SeccompWords.flags.map(\.name),
            supportedFlags: SeccompWords.flags.filter { $0.flag.isEmpty || $0.flag.areKnown }.map(\.name))
    }

    /// `SCMP_ACT_NOTIFY` is refused so far: there is nobody to hand the descriptor to.
    private static func isKnown(_ action: SeccompAction) -> Bool {
        action != .notify && SeccompProgram.kernelKnows(action: SeccompWords.action(action, nil) & 0xffff_0000)
    }

    /// All of the specification's.
    private static let architectures = [
        "AARCH64", "ARM", "LOONGARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PARISC",
        "PARISC64", "PPC", "PPC64", "PPC64LE", "RISCV64", "S390", "S390X", "X32", "X86", "X86_64",
    ].map { "SCMP_ARCH_" + $0 }
}

/// The version of the libseccomp that is linked, as `runc --version` tells it.
enum SeccompLibrary {
    static var version: String {
        guard let version = unsafe seccomp_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.micro)"
    }
}
