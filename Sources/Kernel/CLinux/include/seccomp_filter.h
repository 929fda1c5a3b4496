#ifndef CLINUX_SECCOMP_FILTER_H
#define CLINUX_SECCOMP_FILTER_H

#include <stdint.h>

// seccomp(2), SECCOMP_SET_MODE_FILTER; each instruction is the eight bytes of a struct sock_filter.
int cl_seccomp_load(const uint64_t *instructions, unsigned count, unsigned flags);
// Whether the kernel knows all of `flags`.
int cl_seccomp_knows_flags(unsigned flags);
// Whether the kernel knows the action (SECCOMP_GET_ACTION_AVAIL).
int cl_seccomp_knows_action(uint32_t action);

#endif
