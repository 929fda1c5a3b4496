#define _GNU_SOURCE
#include "own_program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int state;

int own_program_is_protected(void) { return state; }

static int makes_a_process(int count, char **arguments) {
    static const char *const commands[] = {"create", "run", "exec", "restore"};
    for (int i = 1; i < count; i++)
        for (unsigned j = 0; j < sizeof commands / sizeof *commands; j++)
            if (strcmp(arguments[i], commands[j]) == 0) return 1;
    return 0;
}

/// Returns 1 when we run from a read-only mount already, or -errno.
static int execute_read_only(char **arguments, char **environment) {
    struct statvfs status;
    int file = open("/proc/self/exe", O_PATH | O_CLOEXEC);
    if (file == -1) return -errno;
    if (fstatvfs(file, &status) == -1) return -errno;
    if (status.f_flag & ST_RDONLY) {
        close(file);
        return 1;
    }
    int copy = (int)syscall(SYS_open_tree, file, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    if (copy == -1) return -errno;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (syscall(SYS_mount_setattr, copy, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == -1) return -errno;
    syscall(SYS_execveat, copy, "", arguments, environment, AT_EMPTY_PATH);
    return -errno;
}

/// Who may not write to our file, and does not own it, gives the container no means to.
static int is_ours_to_write(void) {
    struct stat status;
    if (stat("/proc/self/exe", &status) == -1) return 1;
    return status.st_uid == geteuid() || faccessat(AT_FDCWD, "/proc/self/exe", W_OK, AT_EACCESS) == 0;
}

/// Returns 2 when we run from a copy in memory that nobody can change already, or -errno.
static int execute_copy(char **arguments, char **environment) {
    const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    struct stat status;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file == -1 || fstat(file, &status) == -1) return -errno;
    if (fcntl(file, F_GET_SEALS) == seals) {
        close(file);
        return 2;
    }
    int copy = memfd_create("wherry-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy == -1) return -errno;
    for (off_t offset = 0; offset < status.st_size;)
        if (sendfile(copy, file, &offset, (size_t)(status.st_size - offset)) <= 0) return errno != 0 ? -errno : -EIO;
    if (fcntl(copy, F_ADD_SEALS, seals) == -1) return -errno;
    syscall(SYS_execveat, copy, "", arguments, environment, AT_EMPTY_PATH);
    return -errno;
}

static void protect(int count, char **arguments, char **environment) {
    if (!makes_a_process(count, arguments)) return;
    state = execute_read_only(arguments, environment);
    // Without privileges we cannot mount.
    if (state == -EPERM && is_ours_to_write()) state = execute_copy(arguments, environment);
}

// Before every constructor, those of Swift's runtime too.
__attribute__((section(".preinit_array"), used)) static void (*const before_all)(int, char **, char **) = protect;
