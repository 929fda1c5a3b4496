#define _GNU_SOURCE
#include "namespaces.h"

#include <errno.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
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

int cl_raise_interface(const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1) return -errno;
    int error = 0;
    if (ioctl(fd, SIOCGIFFLAGS, &request) == -1) error = -errno;
    request.ifr_flags |= IFF_UP;
    if (error == 0 && ioctl(fd, SIOCSIFFLAGS, &request) == -1) error = -errno;
    close(fd);
    return error;
}
