#define _GNU_SOURCE
#include "trees.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static ssize_t result(ssize_t value) { return value == -1 ? -errno : value; }

ssize_t cl_pwrite(int fd, const void *buffer, size_t count, int64_t offset) {
    return result(pwrite(fd, buffer, count, offset));
}
int cl_set_times(int directory, const char *path, int64_t seconds, int64_t nanoseconds, int flags) {
    struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
    struct timespec times[2] = {time, time};
    return (int)result(utimensat(directory, path, times, flags | AT_SYMLINK_NOFOLLOW));
}
int cl_lsetxattr(const char *path, const char *name, const void *value, size_t size) {
    return (int)result(lsetxattr(path, name, value, size, 0));
}
ssize_t cl_lgetxattr(const char *path, const char *name, void *value, size_t size) {
    return result(lgetxattr(path, name, value, size));
}
ssize_t cl_llistxattr(const char *path, char *list, size_t size) { return result(llistxattr(path, list, size)); }
int cl_fsetxattr(int fd, const char *name, const void *value, size_t size) {
    return (int)result(fsetxattr(fd, name, value, size, 0));
}
int cl_clone_file(int from, int to) { return (int)result(ioctl(to, FICLONE, from)); }
ssize_t cl_copy_file_range(int from, int to, size_t count) {
    return result(copy_file_range(from, NULL, to, NULL, count, 0));
}
int cl_start_writeback(int fd) { return (int)result(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE)); }
