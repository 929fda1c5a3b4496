#ifndef CLINUX_MOUNTPLACES_H
#define CLINUX_MOUNTPLACES_H

#include <stdint.h>

// fspick(2) on the mount that `mount` is an open place of.
int cl_fspick(int mount);
// mount_setattr(2) on the mount of `mount`. `propagation` is 0 or a MS_* flag, `user_namespace` -1 or a descriptor.
int cl_mount_setattr(
    int mount, int recursive, uint64_t set, uint64_t clear, uint64_t propagation, int user_namespace);
// mount(2) on the working directory.
int cl_mount_here(const char *source, const char *type, unsigned long flags, const char *data);
// pivot_root(2) of the working directory onto itself: the old root is then mounted over the new one.
int cl_pivot_root_here(void);
// umount2(2) with MNT_DETACH of what is mounted over the working directory.
int cl_unmount_here(void);
int cl_fchdir(int directory);
int cl_chdir(const char *path);
int cl_chroot_here(void);
// statx(2) STATX_MNT_ID of an open place.
int cl_mount_id(int fd, uint64_t *id);
// The ST_* flags of statvfs(3): those of the mount of `fd` and of its file system.
int cl_mount_flags(int fd, unsigned long *flags);

#endif
