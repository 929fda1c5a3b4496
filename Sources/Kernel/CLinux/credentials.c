#define _GNU_SOURCE
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(long value) { return value == -1 ? -errno : (int)value; }

int cl_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
        {(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)}};
    return result(syscall(SYS_capset, &header, data));
}
int cl_capget(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) == -1) return -errno;
    *effective = data[0].effective | (uint64_t)data[1].effective << 32;
    *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    *inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return 0;
}
int cl_setgroups(size_t count, const gid_t *groups) { return result(syscall(SYS_setgroups, count, groups)); }
int cl_setresuid(uid_t user) { return result(syscall(SYS_setresuid, user, user, user)); }
int cl_setresgid(gid_t group) { return result(syscall(SYS_setresgid, group, group, group)); }
int cl_set_limit(pid_t pid, int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return result(syscall(SYS_prlimit64, pid, resource, &limit, NULL));
}
int cl_get_limit(int resource, uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    if (syscall(SYS_prlimit64, 0, resource, NULL, &limit) == -1) return -errno;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}
int cl_join_session_keyring(const char *name) {
    return result(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name));
}
int cl_add_key_permissions(int key, uint32_t permissions) {
    char description[256];
    // "TYPE;UID;GID;PERMISSIONS;NAME", also when the name is cut off.
    long length = syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, description, sizeof description);
    if (length == -1) return -errno;
    description[sizeof description - 1] = 0;
    unsigned present;
    if (sscanf(description, "%*[^;];%*d;%*d;%x;", &present) != 1) return -EBADMSG;
    return result(syscall(SYS_keyctl, KEYCTL_SETPERM, key, present | permissions));
}
int cl_close_range(unsigned first, unsigned last, unsigned flags) {
    return result(syscall(SYS_close_range, first, last, flags));
}
int cl_access(int directory, const char *path, int mode) {
    return result(syscall(SYS_faccessat2, directory, path, mode, AT_EACCESS));
}
int cl_set_scheduler(
    pid_t pid, uint32_t policy, uint64_t flags, int32_t nice, uint32_t priority, uint64_t runtime, uint64_t deadline,
    uint64_t period) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {sizeof attributes, policy, flags, nice, priority, runtime, deadline, period};
    return result(syscall(SYS_sched_setattr, pid, &attributes, 0));
}
int cl_set_io_priority(pid_t pid, int class_, int level) {
    return result(syscall(SYS_ioprio_set, 1, pid, class_ << 13 | level));
}
int cl_set_affinity(pid_t pid, const uint8_t *mask, size_t size) {
    return result(syscall(SYS_sched_setaffinity, pid, size, mask));
}
int cl_get_affinity(pid_t pid, uint8_t *mask, size_t size) {
    return result(syscall(SYS_sched_getaffinity, pid, size, mask));
}
int cl_set_memory_policy(int mode, const uint8_t *nodes, size_t size) {
    // The kernel takes one bit less than it is told.
    return result(syscall(SYS_set_mempolicy, mode, nodes, size == 0 ? 0 : size * 8 + 1));
}
int cl_execveat(int fd, const char *path, char *const arguments[], char *const environment[], int flags) {
    return result(syscall(SYS_execveat, fd, path, arguments, environment, flags));
}
void cl_exit_now(int status) { _exit(status); }
