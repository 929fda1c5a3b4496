#ifndef CLINUX_POLLING_H
#define CLINUX_POLLING_H

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/inotify.h>

int cl_epoll_create(void);
// operation: EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL.
int cl_epoll_control(int queue, int operation, int fd, uint32_t events, uint64_t token);
// Waits at most `timeout` milliseconds (-1: for ever). A signal ends the wait with -EINTR.
int cl_epoll_wait(int queue, struct epoll_event *events, int capacity, int timeout);
// poll(2) on one descriptor: the events that came, 0 after `timeout` milliseconds.
int cl_poll(int fd, short events, int timeout);
int cl_eventfd(unsigned value);
// A non-blocking timerfd on CLOCK_MONOTONIC that fires once, `nanoseconds` from now (0 disarms).
int cl_timerfd_create(void);
int cl_timerfd_set(int fd, uint64_t nanoseconds);
int cl_inotify_create(void);
int cl_inotify_add(int fd, const char *path, uint32_t mask);
// A non-blocking signalfd for the signals of `mask` (bit n-1: signal n), which it also blocks.
int cl_signalfd(uint64_t mask);
// The non-blocking end of a pipe that gets a byte, its number, for each signal of `mask` that arrives, whichever thread
// it interrupts. One a process.
int cl_signal_pipe(uint64_t mask);
// The number of the next signal that arrived, or -EAGAIN.
int cl_signalfd_read(int fd);

#endif
