#ifndef CLINUX_FILESYSTEMS_H
#define CLINUX_FILESYSTEMS_H

// f_type of fstatfs(2); negative: -errno.
long long cl_filesystem_type(int fd);

#endif
