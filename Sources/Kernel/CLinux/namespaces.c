#define _GNU_SOURCE
#include "namespaces.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(long value) { return value == -1 ? -errno : (int)value; }

pid_t cl_clone(uint64_t flags, int cgroup, int *pidfd) {
    struct clone_args arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.flags = flags | CLONE_PIDFD;
    arguments.pidfd = (uint64_t)(uintptr_t)pidfd;
    if (!(flags & CLONE_PARENT)) arguments.exit_signal = SIGCHLD;
    if (cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)cgroup;
    }
    return result(syscall(SYS_clone3, &arguments, sizeof arguments));
}
int cl_setns(int fd, int kinds) { return result(setns(fd, kinds)); }
int cl_unshare(int kinds) { return result(unshare(kinds)); }
int cl_sethostname(const char *name, size_t length) { return result(sethostname(name, length)); }
int cl_setdomainname(const char *name, size_t length) { return result(setdomainname(name, length)); }
int cl_personality(unsigned long persona) { return result(personality(persona)); }
