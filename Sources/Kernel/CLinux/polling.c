#define _GNU_SOURCE
#include "polling.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

int cl_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd == -1 ? -errno : fd;
}

int cl_epoll_control(int queue, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(queue, operation, fd, &event) == -1 ? -errno : 0;
}

int cl_epoll_wait(int queue, struct epoll_event *events, int capacity, int timeout) {
    int count = epoll_wait(queue, events, capacity, timeout);
    return count == -1 ? -errno : count;
}

int cl_poll(int fd, short events, int timeout) {
    struct pollfd item = {.fd = fd, .events = events};
    int count = poll(&item, 1, timeout);
    return count == -1 ? -errno : item.revents;
}

int cl_eventfd(unsigned value) {
    int fd = eventfd(value, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd == -1 ? -errno : fd;
}

int cl_timerfd_create(void) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return fd == -1 ? -errno : fd;
}

int cl_timerfd_set(int fd, uint64_t nanoseconds) {
    struct itimerspec value = {
        .it_value = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)}};
    return timerfd_settime(fd, 0, &value, NULL) == -1 ? -errno : 0;
}

int cl_inotify_create(void) {
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return fd == -1 ? -errno : fd;
}

int cl_inotify_add(int fd, const char *path, uint32_t mask) {
    int watch = inotify_add_watch(fd, path, mask);
    return watch == -1 ? -errno : watch;
}

int cl_signalfd(uint64_t mask) {
    sigset_t signals;
    sigemptyset(&signals);
    for (int number = 1; number <= 64; number++)
        if (mask >> (number - 1) & 1) sigaddset(&signals, number);
    int error = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (error != 0) return -error;
    int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd == -1 ? -errno : fd;
}

static int signal_writer = -1;

static void write_signal(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe has signals enough that nobody has read yet.
    if (write(signal_writer, &byte, 1) == -1) errno = error;
    errno = error;
}

int cl_signal_pipe(uint64_t mask) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1) return -errno;
    signal_writer = ends[1];
    struct sigaction action = {.sa_handler = write_signal, .sa_flags = SA_RESTART};
    for (int number = 1; number <= 64; number++)
        if (mask >> (number - 1) & 1 && sigaction(number, &action, NULL) == -1) return -errno;
    return ends[0];
}

int cl_signalfd_read(int fd) {
    struct signalfd_siginfo info;
    ssize_t count = read(fd, &info, sizeof info);
    if (count == -1) return -errno;
    return count == sizeof info ? (int)info.ssi_signo : -EIO;
}
