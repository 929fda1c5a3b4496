import LinuxKernel

/// Paths of the programs under test and of those that tests call for help. What is missing is named.
public enum Programs {
    public static var wherry: String { get throws { try ours("wherry") } }
    public static var wherryd: String { get throws { try ours("wherryd") } }
    public static var wherryShim: String { get throws { try ours("wherry-shim") } }
    public static var wherryRuntime: String { get throws { try ours("wherry-runtime") } }

    /// The folder of our release programs: `WHERRY_PROGRAMS`, or where `make build` puts them.
    public static let directory = ThisProcess.variable("WHERRY_PROGRAMS") ?? checkout + "/.build/release"

    /// A program of ours.
    public static func ours(_ name: String) throws -> String {
        let path = directory + "/" + name
        guard try Descriptor.workingDirectory.exists(path) else {
            throw HarnessError("\(path) is not there; make build makes it")
        }
        return path
    }

    /// A program of the system, from `PATH`.
    public static func found(_ name: String) throws -> String {
        if name.contains("/") { return name }
        for directory in searchPath {
            let path = directory + "/" + name
            if try Descriptor.workingDirectory.exists(path) { return path }
        }
        throw HarnessError("\(name) is not installed; contrib/debian-packages test installs what tests need")
    }

    private static let searchPath = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"]
}

/// What the tests of whole programs need of the machine.
public enum Machine {
    /// Whether systemd is init: sd_booted(3).
    public static var isRunBySystemd: Bool {
        get throws { try Descriptor.workingDirectory.exists("/run/systemd/system") }
    }

    public static func requireRoot() throws {
        guard ThisProcess.effectiveUser == 0 else { throw HarnessError("system tests must run as root") }
    }

    /// Whether cgroup v2 alone is mounted; otherwise v1, perhaps with v2 beside it.
    public static var hasUnifiedCgroups: Bool {
        get throws { try Descriptor.workingDirectory.exists("/sys/fs/cgroup/cgroup.controllers") }
    }
}
