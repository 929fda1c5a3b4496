#ifndef CLINUX_CREDENTIALS_H
#define CLINUX_CREDENTIALS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/types.h>

// capset(2) of this thread; bit n is capability n.
int cl_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int cl_capget(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable);
// The calls themselves, of this thread only; this process has no other.
int cl_setgroups(size_t count, const gid_t *groups);
int cl_setresuid(uid_t user);
int cl_setresgid(gid_t group);
// prlimit(2); `pid` 0 is ourselves.
int cl_set_limit(pid_t pid, int resource, uint64_t soft, uint64_t hard);
int cl_get_limit(int resource, uint64_t *soft, uint64_t *hard);
// keyctl(2) KEYCTL_JOIN_SESSION_KEYRING.
// Returns the keyring's number.
int cl_join_session_keyring(const char *name);
// Adds `permissions` of keyctl(2), KEYCTL_SETPERM, to those of the keyring.
int cl_add_key_permissions(int key, uint32_t permissions);
int cl_close_range(unsigned first, unsigned last, unsigned flags);
// faccessat2(2) with AT_EACCESS.
int cl_access(int directory, const char *path, int mode);
// sched_setattr(2). `policy` is SCHED_*, `flags` SCHED_FLAG_*, times in nanoseconds.
int cl_set_scheduler(
    pid_t pid, uint32_t policy, uint64_t flags, int32_t nice, uint32_t priority, uint64_t runtime, uint64_t deadline,
    uint64_t period);
// ioprio_set(2) of one process.
int cl_set_io_priority(pid_t pid, int class_, int level);
// sched_setaffinity(2); `mask` has `size` bytes, the lowest bit is processor 0.
int cl_set_affinity(pid_t pid, const uint8_t *mask, size_t size);
// sched_getaffinity(2): returns how many bytes of `mask` were filled.
int cl_get_affinity(pid_t pid, uint8_t *mask, size_t size);
// set_mempolicy(2); `nodes` has `size` bytes, the lowest bit is node 0; NULL and 0 for none.
int cl_set_memory_policy(int mode, const uint8_t *nodes, size_t size);
// fexecve(3) without a detour: the program is `fd` itself. Returns only to say what went wrong.
int cl_execveat(int fd, const char *path, char *const arguments[], char *const environment[], int flags);
void cl_exit_now(int status) __attribute__((noreturn));

#endif
