internal import CSeccomp
internal import LinuxKernel
internal import RuntimeSpec

extension SeccompFeatures {
    /// What this runtime and the linked libseccomp know, and of the flags what the running kernel takes:
    /// features-linux.md, "Seccomp".
    static var ofThisRuntime: SeccompFeatures {
        SeccompFeatures(
            enabled: true, actions: SeccompAction.allCases.map(\.rawValue).sorted(),
            operators: SeccompOperator.allCases.map(\.rawValue).sorted(),
            archs: architectures.filter { (try? SeccompWords.architecture($0)) != nil },
            knownFlags: SeccompWords.flags.map(\.name),
            supportedFlags: SeccompWords.flags.filter { $0.flag.isEmpty || $0.flag.areKnown }.map(\.name))
    }

    /// All of the specification's.
    private static let architectures = [
        "AARCH64", "ARM", "LOONGARCH64", "M68K", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32",
        "PARISC", "PARISC64", "PPC", "PPC64", "PPC64LE", "RISCV64", "S390", "S390X", "SH", "SHEB", "X32", "X86",
        "X86_64",
    ].map { "SCMP_ARCH_" + $0 }
}

/// The version of the libseccomp that is linked, as `runc --version` tells it.
enum SeccompLibrary {
    static var version: String {
        guard let version = unsafe seccomp_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.micro)"
    }
}
