#ifndef CLINUX_MOUNTS_H
#define CLINUX_MOUNTS_H

// Mounts by descriptors (fsopen(2) and its family), and the two old calls that are still needed.
int cl_fsopen(const char *type);
// fsconfig(2); `value` and `number` as the command takes them.
int cl_fsconfig(int context, unsigned command, const char *key, const void *value, int number);
int cl_fsmount(int context, unsigned attributes);
// Places the detached mount `mount` on the file that `target` is.
int cl_move_mount(int mount, int target);
// open_tree(2) with OPEN_TREE_CLONE: a detached bind mount of `path` below `directory`.
int cl_clone_tree(int directory, const char *path, int recursive);
int cl_mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
int cl_umount(const char *target, int flags);

#endif
