#define _GNU_SOURCE
#include "sockets.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int address_of(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}

int cl_unix_listen(const char *path, int backlog) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1) return -errno;
    // The mode that bind(2) gives the file is the socket's own, less the umask.
    if (fchmod(fd, 0600) == -1 || bind(fd, (struct sockaddr *)&address, sizeof address) == -1 ||
        listen(fd, backlog) == -1) {
        error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int cl_unix_connect(const char *path, int nonblocking) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
    if (fd == -1) return -errno;
    int outcome;
    do
        outcome = connect(fd, (struct sockaddr *)&address, sizeof address);
    while (outcome == -1 && errno == EINTR);
    if (outcome == 0) return fd;
    error = -errno;
    close(fd);
    return error;
}

int cl_unix_accept(int fd, int nonblocking) {
    int connection;
    do
        connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
    while (connection == -1 && errno == EINTR);
    return connection == -1 ? -errno : connection;
}

static int datagram_socket(const struct sockaddr_un *address, socklen_t size, int listens) {
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | (listens ? SOCK_NONBLOCK : 0), 0);
    if (fd == -1) return -errno;
    const struct sockaddr *name = (const struct sockaddr *)address;
    if ((listens ? bind(fd, name, size) : connect(fd, name, size)) == 0) return fd;
    int error = -errno;
    close(fd);
    return error;
}

int cl_unix_bind_datagram(const char *path) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    return error < 0 ? error : datagram_socket(&address, sizeof address, 1);
}

int cl_unix_connect_datagram(const char *path) {
    struct sockaddr_un address;
    int error = address_of(path, &address);
    if (error < 0) return error;
    if (path[0] != '@') return datagram_socket(&address, sizeof address, 0);
    // An abstract name ends where its length says, and begins with a zero byte.
    address.sun_path[0] = 0;
    return datagram_socket(&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)), 0);
}

int cl_socketpair(int type, int ends[2]) {
    return socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) == -1 ? -errno : 0;
}

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * CL_MAX_DESCRIPTORS)];
};

ssize_t cl_send(int fd, const void *bytes, size_t count, const int *descriptors, int descriptor_count) {
    struct iovec part = {(void *)bytes, count};
    union control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor_count > CL_MAX_DESCRIPTORS) return -EMSGSIZE;
    if (descriptor_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)descriptor_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)descriptor_count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)descriptor_count);
    }
    ssize_t sent;
    do
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent == -1 && errno == EINTR);
    return sent == -1 ? -errno : sent;
}

ssize_t cl_receive(int fd, void *bytes, size_t count, int *descriptors, int *descriptor_count) {
    struct iovec part = {bytes, count};
    union control control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *descriptor_count = 0;
    ssize_t received;
    do
        received = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (received == -1 && errno == EINTR);
    if (received == -1) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int arrived = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < arrived; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + sizeof(int) * (size_t)i, sizeof descriptor);
            if (*descriptor_count < CL_MAX_DESCRIPTORS)
                descriptors[(*descriptor_count)++] = descriptor;
            else
                close(descriptor);
        }
    }
    if (message.msg_flags & MSG_CTRUNC) {
        for (int i = 0; i < *descriptor_count; i++) close(descriptors[i]);
        *descriptor_count = 0;
        return -EMSGSIZE;
    }
    return received;
}

int cl_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == -1) return -errno;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

int cl_shutdown(int fd, int how) { return shutdown(fd, how) == -1 ? -errno : 0; }

int cl_route_socket(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd == -1) return -errno;
    int on = 1;
    if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on) == -1 ||
        setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on) == -1) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}
