#ifndef CLINUX_NAMESPACES_H
#define CLINUX_NAMESPACES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// clone3(2) without a new stack: returns twice, as fork(2) does. `cgroup` is -1 or a cgroup v2 directory to be born
// in; `pidfd` receives a close-on-exec pidfd. With CLONE_PARENT the exit signal is the caller's.
pid_t cl_clone(uint64_t flags, int cgroup, int *pidfd);
int cl_setns(int fd, int kinds);
int cl_unshare(int kinds);
int cl_sethostname(const char *name, size_t length);
int cl_setdomainname(const char *name, size_t length);
// Sets IFF_UP on the network interface `name`, at most 15 bytes.
int cl_raise_interface(const char *name);
int cl_personality(unsigned long persona);

#endif
