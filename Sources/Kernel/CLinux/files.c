#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CALL(expression)                                                                                               \
    ({                                                                                                                 \
        __typeof__(expression) result_;                                                                                \
        do                                                                                                             \
            result_ = (expression);                                                                                    \
        while (result_ == -1 && errno == EINTR);                                                                       \
        result_ == -1 ? -errno : result_;                                                                              \
    })

int cl_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve};
    // EAGAIN: a rename raced with a ".." below RESOLVE_IN_ROOT or RESOLVE_BENEATH; openat2(2) says try again.
    for (int attempt = 0;; attempt++) {
        long fd = CALL(syscall(SYS_openat2, directory, path, &how, sizeof how));
        if (fd != -EAGAIN || attempt == 128) return (int)fd;
    }
}
int cl_openat(int directory, const char *path, int flags, mode_t mode) {
    return CALL(openat(directory, path, flags | O_CLOEXEC, mode));
}
int cl_close(int fd) { return close(fd) == -1 ? -errno : 0; }
ssize_t cl_read(int fd, void *buffer, size_t count) { return CALL(read(fd, buffer, count)); }
ssize_t cl_write(int fd, const void *buffer, size_t count) { return CALL(write(fd, buffer, count)); }
ssize_t cl_pread(int fd, void *buffer, size_t count, int64_t offset) { return CALL(pread(fd, buffer, count, offset)); }
int64_t cl_lseek(int fd, int64_t offset, int whence) { return CALL(lseek(fd, offset, whence)); }
int cl_ftruncate(int fd, int64_t length) { return CALL(ftruncate(fd, length)); }
int cl_fsync(int fd) { return CALL(fsync(fd)); }
int cl_syncfs(int fd) { return CALL(syncfs(fd)); }
int cl_fstatat(int directory, const char *path, struct stat *status, int flags) {
    return CALL(fstatat(directory, path, status, flags));
}
int cl_fstatfs(int fd, struct statfs *status) { return CALL(fstatfs(fd, status)); }
int cl_mkdirat(int directory, const char *path, mode_t mode) { return CALL(mkdirat(directory, path, mode)); }
int cl_mknodat(int directory, const char *path, mode_t mode, unsigned device_major, unsigned device_minor) {
    return CALL(mknodat(directory, path, mode, makedev(device_major, device_minor)));
}
int cl_mkfifoat(int directory, const char *path, mode_t mode) { return CALL(mkfifoat(directory, path, mode)); }
int cl_unlinkat(int directory, const char *path, int flags) { return CALL(unlinkat(directory, path, flags)); }
int cl_renameat2(int from, const char *path, int to, const char *new_path, unsigned flags) {
    return CALL(renameat2(from, path, to, new_path, flags));
}
int cl_linkat(int from, const char *path, int to, const char *new_path, int flags) {
    return CALL(linkat(from, path, to, new_path, flags));
}
int cl_symlinkat(const char *target, int directory, const char *path) {
    return CALL(symlinkat(target, directory, path));
}
ssize_t cl_readlinkat(int directory, const char *path, char *buffer, size_t size) {
    return CALL(readlinkat(directory, path, buffer, size));
}
int cl_fchmod(int fd, mode_t mode) { return CALL(fchmod(fd, mode)); }
int cl_fchmodat(int directory, const char *path, mode_t mode) { return CALL(fchmodat(directory, path, mode, 0)); }
int cl_fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags) {
    return CALL(fchownat(directory, path, owner, group, flags));
}
int cl_dup_cloexec(int fd, int at_least) { return CALL(fcntl(fd, F_DUPFD_CLOEXEC, at_least)); }
int cl_dup3(int from, int to, int flags) { return CALL(from == to ? from : dup3(from, to, flags)); }
int cl_fcntl_get(int fd, int command) { return CALL(fcntl(fd, command)); }
int cl_fcntl_set(int fd, int command, int value) { return CALL(fcntl(fd, command, value)); }
int cl_flock(int fd, int operation) { return CALL(flock(fd, operation)); }
int cl_memfd_create(const char *name, unsigned flags) { return CALL(memfd_create(name, flags)); }
int cl_pipe2(int ends[2], int flags) { return CALL(pipe2(ends, flags)); }

int cl_read_directory(int fd, void *context, int (*visit)(void *, const char *, unsigned char)) {
    DIR *stream = fdopendir(fd);
    if (stream == NULL) {
        int error = errno;
        close(fd);
        return -error;
    }
    int result = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (entry == NULL) {
            result = -errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (visit(context, entry->d_name, entry->d_type) != 0) break;
    }
    closedir(stream);
    return result;
}

ssize_t cl_splice(int from, int to, size_t count, unsigned flags) {
    return CALL(splice(from, NULL, to, NULL, count, flags));
}
ssize_t cl_tee(int from, int to, size_t count, unsigned flags) { return CALL(tee(from, to, count, flags)); }
