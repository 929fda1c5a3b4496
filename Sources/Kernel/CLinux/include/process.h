#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int cl_pidfd_open(pid_t pid, unsigned flags);
int cl_pidfd_send_signal(int pidfd, int signal);
// A copy of descriptor `number` of that process: pidfd_getfd(2), close-on-exec.
int cl_pidfd_getfd(int pidfd, int number);
int cl_kill(pid_t pid, int signal);

struct cl_exit {
    pid_t pid;
    int code;   // CLD_EXITED, CLD_KILLED or CLD_DUMPED
    int status; // exit status, or the signal's number
};
// waitid(2) on one child. `flags` beside WEXITED; returns 1 when `result` was filled, 0 when WNOHANG found nothing.
int cl_wait_pidfd(int pidfd, struct cl_exit *result, int flags);
int cl_wait_pid(pid_t pid, struct cl_exit *result, int flags);

#define CL_MAX_SPAWN_DESCRIPTORS 1024
// Starts `path` in a new process. `descriptors[i]` becomes descriptor i in it (-1: closed); all others are closed at
// exec. The child has no blocked signals and default dispositions. `new_session`: setsid(2) first. `pidfd` receives
// a pidfd of the child. Returns the child's pid, or -errno of whatever failed, exec included.
pid_t cl_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int descriptor_count,
    const char *directory, int new_session, int *pidfd);

// The words of our command line, as libc hands them to constructors.
int cl_argument_count(void);
const char *cl_argument(int index);

pid_t cl_fork(void);
int cl_execve(const char *path, char *const arguments[], char *const environment[]);
int cl_prctl(int operation, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int cl_setsid(void);
// A bit mask of the signals to block (bit n-1: signal n); returns 0.
int cl_set_blocked_signals(uint64_t mask);
int cl_ignore_signal(int signal);
uint64_t cl_clock(clockid_t clock);

#endif
