#define _GNU_SOURCE
#include "filesystems.h"

#include <errno.h>
#include <sys/vfs.h>

long long cl_filesystem_type(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) == -1 ? -errno : (long long)(unsigned)status.f_type;
}
