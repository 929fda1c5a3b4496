#define _GNU_SOURCE
#include "seccomp_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

int cl_seccomp_load(const uint64_t *instructions, unsigned count, unsigned flags) {
    if (count == 0 || count > BPF_MAXINSNS) return -EINVAL;
    struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)(uintptr_t)instructions};
    long answer = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    return answer == -1 ? -errno : (int)answer;
}
// Flags are looked at before the program, which is not there.
int cl_seccomp_knows_flags(unsigned flags) {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) == -1 && errno == EFAULT;
}
int cl_seccomp_knows_action(uint32_t action) {
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
