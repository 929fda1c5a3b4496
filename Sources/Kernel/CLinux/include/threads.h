#ifndef CLINUX_THREADS_H
#define CLINUX_THREADS_H

#include <stdint.h>

// Starts a detached thread with all signals blocked; `body` is called once with `context`.
int cl_thread_start(void (*body)(void *context), void *context);
// Tells threads apart; never 0.
uint64_t cl_thread_identity(void);

// A mutex and a condition in one allocation, for a queue that threads wait on.
void *cl_monitor_create(void);
void cl_monitor_destroy(void *monitor);
void cl_monitor_lock(void *monitor);
void cl_monitor_unlock(void *monitor);
// Waits for a notice, and may wake without one. The monitor must be locked.
void cl_monitor_wait(void *monitor);
void cl_monitor_notify_one(void *monitor);
void cl_monitor_notify_all(void *monitor);

#endif
