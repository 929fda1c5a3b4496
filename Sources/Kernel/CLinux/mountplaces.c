#define _GNU_SOURCE
#include "mountplaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> contradict each other in Debian 12's glibc.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);

static int result(long value) { return value == -1 ? -errno : (int)value; }

int cl_fspick(int mount) { return result(syscall(SYS_fspick, mount, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH)); }
int cl_mount_setattr(
    int mount, int recursive, uint64_t set, uint64_t clear, uint64_t propagation, int user_namespace) {
    struct mount_attr attributes = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
    if (user_namespace >= 0) {
        attributes.attr_set |= MOUNT_ATTR_IDMAP;
        attributes.userns_fd = (uint64_t)user_namespace;
    }
    unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    return result(syscall(SYS_mount_setattr, mount, "", flags, &attributes, sizeof attributes));
}
int cl_mount_here(const char *source, const char *type, unsigned long flags, const char *data) {
    return result(mount(source, ".", type, flags, data));
}
int cl_pivot_root_here(void) { return result(syscall(SYS_pivot_root, ".", ".")); }
int cl_unmount_here(void) { return result(umount2(".", 2)); } // MNT_DETACH
int cl_fchdir(int directory) { return result(fchdir(directory)); }
int cl_chdir(const char *path) { return result(chdir(path)); }
int cl_chroot_here(void) { return result(chroot(".")); }
int cl_mount_id(int fd, uint64_t *id) {
    struct statx status;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) == -1) return -errno;
    *id = status.stx_mnt_id;
    return 0;
}
int cl_mount_flags(int fd, unsigned long *flags) {
    struct statvfs status;
    if (fstatvfs(fd, &status) == -1) return -errno;
    *flags = status.f_flag;
    return 0;
}
