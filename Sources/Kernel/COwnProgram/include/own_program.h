#pragma once

/// Our own program's file, out of the container's reach (self-exe).
///
/// A process of the container whose program is `#!/proc/self/exe` is for a moment a copy of us inside the container, and
/// another one can then open our file through its /proc/PID/exe, and write to it once nobody runs it. That link leads
/// through the mount that we were executed from. So we execute ourselves once more, from a read-only mount of nothing but
/// our file that is attached nowhere: whoever opens it for writing hears that it is read-only, and since its last
/// descriptor is closed by then nobody can change that mount any more.
///
/// Who may not mount, and could write to our file or owns it, executes a sealed copy of it in memory instead.
///
/// This happens before libc's and Swift's own start, which would otherwise be paid for twice, and only where a word of the
/// command line is the name of a command that makes a process in a container. A static program is linked with
/// `own_program_entry` for its entry, which calls the kernel and nothing else, and leads to libc's own. The sealed copy,
/// and all of it where libc is a library of its own, comes with the first functions that libc calls.

/// Whether we run from a read-only mount: 1, or from a sealed copy: 2, or 0 where no word asked for that, or -errno, what
/// kept us from it.
int own_program_is_protected(void);
