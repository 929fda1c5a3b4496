#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/types.h>

// openat2(2); `resolve` is a set of RESOLVE_* bits.
int cl_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
int cl_openat(int directory, const char *path, int flags, mode_t mode);
int cl_close(int fd);
ssize_t cl_read(int fd, void *buffer, size_t count);
ssize_t cl_write(int fd, const void *buffer, size_t count);
ssize_t cl_pread(int fd, void *buffer, size_t count, int64_t offset);
int64_t cl_lseek(int fd, int64_t offset, int whence);
int cl_ftruncate(int fd, int64_t length);
int cl_fsync(int fd);
int cl_syncfs(int fd);
// fstatat(2); an empty path with AT_EMPTY_PATH names `directory` itself.
int cl_fstatat(int directory, const char *path, struct stat *status, int flags);
int cl_fstatfs(int fd, struct statfs *status);
int cl_mkdirat(int directory, const char *path, mode_t mode);
int cl_mknodat(int directory, const char *path, mode_t mode, unsigned device_major, unsigned device_minor);
int cl_mkfifoat(int directory, const char *path, mode_t mode);
int cl_unlinkat(int directory, const char *path, int flags);
int cl_renameat2(int from, const char *path, int to, const char *new_path, unsigned flags);
int cl_linkat(int from, const char *path, int to, const char *new_path, int flags);
int cl_symlinkat(const char *target, int directory, const char *path);
ssize_t cl_readlinkat(int directory, const char *path, char *buffer, size_t size);
int cl_fchmod(int fd, mode_t mode);
int cl_fchmodat(int directory, const char *path, mode_t mode);
int cl_fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags);
int cl_dup_cloexec(int fd, int at_least);
int cl_dup3(int from, int to, int flags);
int cl_fcntl_get(int fd, int command);
int cl_fcntl_set(int fd, int command, int value);
int cl_flock(int fd, int operation);
int cl_memfd_create(const char *name, unsigned flags);
int cl_pipe2(int ends[2], int flags);
// Calls `visit` for every entry but "." and ".."; a non-zero answer ends the walk. Consumes `fd`.
int cl_read_directory(int fd, void *context, int (*visit)(void *context, const char *name, unsigned char type));
ssize_t cl_splice(int from, int to, size_t count, unsigned flags);
ssize_t cl_tee(int from, int to, size_t count, unsigned flags);

#endif
