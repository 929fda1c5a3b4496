#define _GNU_SOURCE
#include "own_program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bare_calls.h"

enum { UNDECIDED, ON_READ_ONLY_MOUNT, SEALED_COPY, NOT_ASKED_FOR };
static int state = UNDECIDED;

int own_program_is_protected(void) { return state == NOT_ASKED_FOR ? 0 : state; }

static int is_same(const char *one, const char *other) {
    while (*one != 0 && *one == *other) one++, other++;
    return *one == *other;
}

static int makes_a_process(long count, char **arguments) {
    for (long i = 1; i < count; i++) {
        const char *word = arguments[i];
        if (is_same(word, "create") || is_same(word, "run") || is_same(word, "exec") || is_same(word, "restore")) return 1;
    }
    return 0;
}

/// Returns 1 when we run from a read-only mount already, or -errno.
static long execute_read_only(char **arguments, char **environment) {
    struct statfs status;
    long file = bare_call(SYS_openat, AT_FDCWD, (long)"/proc/self/exe", O_PATH | O_CLOEXEC, 0, 0);
    if (file < 0) return file;
    long answer = bare_call(SYS_fstatfs, file, (long)&status, 0, 0, 0);
    if (answer == 0 && status.f_flags & ST_RDONLY) answer = ON_READ_ONLY_MOUNT;
    if (answer == 0) {
        const int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
        long copy = bare_call(SYS_open_tree, file, (long)"", flags, 0, 0);
        struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
        answer = copy;
        if (copy >= 0) {
            answer = bare_call(
                SYS_mount_setattr, copy, (long)"", AT_EMPTY_PATH, (long)&attributes, sizeof attributes);
            if (answer == 0)
                answer = bare_call(
                    SYS_execveat, copy, (long)"", (long)arguments, (long)environment, AT_EMPTY_PATH);
            bare_call(SYS_close, copy, 0, 0, 0, 0);
        }
    }
    bare_call(SYS_close, file, 0, 0, 0, 0);
    return answer;
}

static void decide(long count, char **arguments, char **environment) {
    state = makes_a_process(count, arguments) ? (int)execute_read_only(arguments, environment) : NOT_ASKED_FOR;
}

/// What the kernel gives a program on its stack: execve(2)'s words, each list with a null at its end.
__attribute__((used)) void own_program_begin(long *words) {
    char **arguments = (char **)(words + 1);
    decide(words[0], arguments, arguments + words[0] + 1);
}

// Hands the kernel's stack to own_program_begin, and goes on as if it had not been there: registers that mean something
// to libc's own start stay as they were.
#if defined(__x86_64__)
__asm__(".globl own_program_entry\n"
        ".type own_program_entry, @function\n"
        "own_program_entry:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rsp, %rdi\n"
        "    push %rdx\n"
        "    sub $8, %rsp\n"
        "    call own_program_begin\n"
        "    add $8, %rsp\n"
        "    pop %rdx\n"
        "    jmp _start\n");
#elif defined(__aarch64__)
__asm__(".globl own_program_entry\n"
        ".type own_program_entry, %function\n"
        "own_program_entry:\n"
        "    mov x29, #0\n"
        "    mov x19, x0\n"
        "    mov x0, sp\n"
        "    bl own_program_begin\n"
        "    mov x0, x19\n"
        "    mov x30, #0\n"
        "    b _start\n");
#endif

/// Swift's runtime looks for a program to tell of a crash, beside that which /proc/self/exe names, and executes it when we
/// crash. On a mount that is attached nowhere that name is `/`, and what lies beside it what lies in the working directory,
/// which may be anybody's (crash-helper). The linker has this called instead: there is no such program.
const char *__wrap_swift_copyAuxiliaryExecutablePath(const char *name) {
    (void)name;
    return NULL;
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
        return SEALED_COPY;
    }
    int copy = memfd_create("wherry-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy == -1) return -errno;
    for (off_t offset = 0; offset < status.st_size;)
        if (sendfile(copy, file, &offset, (size_t)(status.st_size - offset)) <= 0) return errno != 0 ? -errno : -EIO;
    if (fcntl(copy, F_ADD_SEALS, seals) == -1) return -errno;
    syscall(SYS_execveat, copy, "", arguments, environment, AT_EMPTY_PATH);
    return -errno;
}

/// In a program that is linked dynamically libc comes first: then this is the beginning.
static void protect(int count, char **arguments, char **environment) {
    if (state == UNDECIDED) decide(count, arguments, environment);
    // Without privileges we cannot mount.
    if (state == -EPERM && is_ours_to_write()) state = execute_copy(arguments, environment);
}

// Before every constructor, those of Swift's runtime too.
__attribute__((section(".preinit_array"), used)) static void (*const before_all)(int, char **, char **) = protect;
