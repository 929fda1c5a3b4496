#ifndef CLINUX_TREES_H
#define CLINUX_TREES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What it takes to make and copy trees of files exactly.
ssize_t cl_pwrite(int fd, const void *buffer, size_t count, int64_t offset);
// utimensat(2) on `path` itself, never through a link; an empty path with AT_EMPTY_PATH names `directory`.
int cl_set_times(int directory, const char *path, int64_t seconds, int64_t nanoseconds, int flags);
// lsetxattr(2) and its sisters: never through a link at the end of `path`.
int cl_lsetxattr(const char *path, const char *name, const void *value, size_t size);
ssize_t cl_lgetxattr(const char *path, const char *name, void *value, size_t size);
ssize_t cl_llistxattr(const char *path, char *list, size_t size);
int cl_fsetxattr(int fd, const char *name, const void *value, size_t size);
// FICLONE; -EOPNOTSUPP or -EXDEV where the file system cannot.
int cl_clone_file(int from, int to);
ssize_t cl_copy_file_range(int from, int to, size_t count);
// Starts to write out what was written to `fd`, without waiting.
int cl_start_writeback(int fd);

#endif
