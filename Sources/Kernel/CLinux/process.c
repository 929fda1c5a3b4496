#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static int result(long value) { return value == -1 ? -errno : (int)value; }

int cl_pidfd_open(pid_t pid, unsigned flags) { return result(syscall(SYS_pidfd_open, pid, flags)); }
int cl_pidfd_send_signal(int pidfd, int signal) {
    return result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}
int cl_pidfd_getfd(int pidfd, int number) { return result(syscall(SYS_pidfd_getfd, pidfd, number, 0)); }
int cl_kill(pid_t pid, int signal) { return result(kill(pid, signal)); }

static int wait_for(idtype_t type, id_t id, struct cl_exit *exit, int flags) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int outcome;
    do
        outcome = waitid(type, id, &info, WEXITED | flags);
    while (outcome == -1 && errno == EINTR);
    if (outcome == -1) return -errno;
    if (info.si_pid == 0) return 0;
    exit->pid = info.si_pid;
    exit->code = info.si_code;
    exit->status = info.si_status;
    return 1;
}
int cl_wait_pidfd(int pidfd, struct cl_exit *exit, int flags) { return wait_for((idtype_t)P_PIDFD, (id_t)pidfd, exit, flags); }
int cl_wait_pid(pid_t pid, struct cl_exit *exit, int flags) { return wait_for(P_PID, (id_t)pid, exit, flags); }

struct spawn_request {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const int *descriptors;
    int descriptor_count;
    const char *directory;
    int new_session;
    int error;
};

// Runs in the child, on memory shared with the waiting parent: system calls only.
static int spawn_child(void *argument) {
    int moved[CL_MAX_SPAWN_DESCRIPTORS];
    struct spawn_request *request = argument;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal <= 64; signal++)
        if (signal != SIGKILL && signal != SIGSTOP) sigaction(signal, &standard, NULL);
    if (request->new_session && setsid() == -1) goto fail;
    // First move every source above the target range, so that no target overwrites a later source.
    for (int i = 0; i < request->descriptor_count; i++) {
        moved[i] = -1;
        if (request->descriptors[i] < 0) continue;
        moved[i] = fcntl(request->descriptors[i], F_DUPFD_CLOEXEC, request->descriptor_count);
        if (moved[i] == -1) goto fail;
    }
    if (syscall(SYS_close_range, request->descriptor_count, ~0U, CLOSE_RANGE_CLOEXEC) == -1) goto fail;
    for (int i = 0; i < request->descriptor_count; i++) {
        if (moved[i] == -1)
            close(i);
        else if (dup2(moved[i], i) == -1)
            goto fail;
    }
    if (request->directory != NULL && chdir(request->directory) == -1) goto fail;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(request->path, request->arguments, request->environment);
fail:
    request->error = errno;
    _exit(127);
}

pid_t cl_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int descriptor_count,
    const char *directory, int new_session, int *pidfd) {
    if (descriptor_count > CL_MAX_SPAWN_DESCRIPTORS) return -EINVAL;
    struct spawn_request request = {path, arguments, environment, descriptors, descriptor_count, directory, new_session, 0};
    const size_t size = 64 * 1024;
    char *stack = malloc(size);
    if (stack == NULL) return -ENOMEM;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t child = clone(
        spawn_child, stack + size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &request, pidfd);
    int error = child == -1 ? errno : request.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(stack);
    if (error == 0) return child;
    if (child != -1) {
        struct cl_exit ignored;
        cl_wait_pid(child, &ignored, 0);
        close(*pidfd);
    }
    return -error;
}

static int argument_count;
static char **arguments_given;
__attribute__((constructor)) static void keep_arguments(int count, char **arguments) {
    argument_count = count;
    arguments_given = arguments;
}
int cl_argument_count(void) { return argument_count; }
const char *cl_argument(int index) { return arguments_given[index]; }

pid_t cl_fork(void) { return result(fork()); }
int cl_execve(const char *path, char *const arguments[], char *const environment[]) {
    return result(execve(path, arguments, environment));
}
int cl_prctl(int operation, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
    return result(prctl(operation, a, b, c, d));
}
int cl_setsid(void) { return result(setsid()); }
int cl_set_blocked_signals(uint64_t mask) {
    sigset_t signals;
    sigemptyset(&signals);
    for (int number = 1; number <= 64; number++)
        if (mask >> (number - 1) & 1) sigaddset(&signals, number);
    return -pthread_sigmask(SIG_SETMASK, &signals, NULL);
}
int cl_ignore_signal(int signal_number) { return signal(signal_number, SIG_IGN) == SIG_ERR ? -errno : 0; }
uint64_t cl_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
