internal import LinuxKernel

/// What the exit codes of our programs mean, and the only place that decides which failure gives which.
///
/// They are docker's: a command that runs a process in a container passes on that process's own code, so the
/// codes of its own failures are chosen from those that a shell uses for programs that never ran.
public enum ExitCodes {
    public static let success: Int32 = 0
    /// The command failed.
    public static let failure: Int32 = 1
    /// A template of `--format` cannot be read.
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
    public enum Cause: Sendable, Hashable {
        case executableNotFound, notExecutable
        /// The runtime could not start the process for another reason.
        case notStarted
        case other
    }

    /// What a command has to do with a process whose exit code it could pass on.
    public enum Role: Sendable, Hashable {
        /// It makes a container and runs it: `run`.
        case runsContainer
        /// It runs a process in a container that is there: `exec`.
        case runsInContainer
        /// Nothing.
        case manages
    }

    public static func code(for cause: Cause, in role: Role) -> Int32 {
        switch (role, cause) {
        case (.manages, _): failure
        case (_, .executableNotFound): notFound
        case (_, .notExecutable): notExecutable
        case (.runsContainer, _): notRun
        case (.runsInContainer, .notStarted): notExecutable
        case (.runsInContainer, .other): failure
        }
    }
}

extension ExitCodes {
    /// Ends this program as `code` says.
    public static func leave(with code: Int32) -> Never { ThisProcess.exit(code) }
}
