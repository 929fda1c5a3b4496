#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> contradict each other in Debian 12's glibc.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);

static int result(long value) { return value == -1 ? -errno : (int)value; }

int cl_fsopen(const char *type) { return result(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC)); }
int cl_fsconfig(int context, unsigned command, const char *key, const void *value, int number) {
    return result(syscall(SYS_fsconfig, context, command, key, value, number));
}
int cl_fsmount(int context, unsigned attributes) {
    return result(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes));
}
int cl_move_mount(int mount, int target) {
    return result(
        syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}
int cl_clone_tree(int directory, const char *path, int recursive) {
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    return result(syscall(SYS_open_tree, directory, path, flags));
}
int cl_mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data) {
    return result(mount(source, target, type, flags, data));
}
int cl_umount(const char *target, int flags) { return result(umount2(target, flags)); }
