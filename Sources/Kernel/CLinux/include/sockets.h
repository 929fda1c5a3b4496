#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

#define CL_MAX_DESCRIPTORS 8

// SOCK_STREAM sockets of AF_UNIX, close-on-exec. `path` at most 107 bytes.
int cl_unix_listen(const char *path, int backlog);
int cl_unix_connect(const char *path, int nonblocking);
int cl_unix_accept(int fd, int nonblocking);
// SOCK_DGRAM: a socket at `path` that does not wait, and one connected to `path`, which is abstract behind an `@`.
int cl_unix_bind_datagram(const char *path);
int cl_unix_connect_datagram(const char *path);
int cl_socketpair(int type, int ends[2]);
// sendmsg(2) and recvmsg(2) with descriptors beside the bytes; received ones are close-on-exec.
ssize_t cl_send(int fd, const void *bytes, size_t count, const int *descriptors, int descriptor_count);
// `descriptors` has room for CL_MAX_DESCRIPTORS; `*descriptor_count` is set. More than that is -EMSGSIZE, all closed.
ssize_t cl_receive(int fd, void *bytes, size_t count, int *descriptors, int *descriptor_count);
int cl_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);
int cl_shutdown(int fd, int how);
// A close-on-exec socket of rtnetlink(7), whose acknowledgements hold the kernel's own words and not the request.
int cl_route_socket(void);

#endif
