internal import LinuxKernel

/// What the exit codes of our programs mean, and the only place that decides which failure gives which.
///
/// They are docker's: a command that runs a process in a container passes on that process's own code, so the
/// codes of its own failures are chosen from those that a shell uses for programs that never ran.
public enum ExitCodes {
    public static let success: Int32 = 0
    /// The command failed.
    public static let failure: Int32 = 1
    /// A template of `--format` cannot be read, or does not fit what it is given.
    public static let template: Int32 = 64
    /// A command line that cannot be understood, or a container that could not be run.
    public static let notRun: Int32 = 125
    /// The program to run in the container is there, but cannot be executed.
    public static let notExecutable: Int32 = 126
    /// The program to run in the container is not there.
    public static let notFound: Int32 = 127
    /// A process that a signal ended.
    public static func signal(_ number: Int32) -> Int32 { 128 + number }

    /// What a failure was about, as far as exit codes tell it apart.
    public enum Cause: Sendable, Hashable { case executableNotFound, notExecutable, other }

    /// Whether a command's exit code is that of a process it runs.
    public enum Role: Sendable, Hashable { case runsProcess, manages }

    public static func code(for cause: Cause, in role: Role) -> Int32 {
        switch (role, cause) {
        case (.runsProcess, .executableNotFound): notFound
        case (.runsProcess, .notExecutable): notExecutable
        case (.runsProcess, .other): notRun
        case (.manages, _): failure
        }
    }
}

extension ExitCodes {
    /// Ends this program as `code` says.
    public static func leave(with code: Int32) -> Never { ThisProcess.exit(code) }
}
