#define _GNU_SOURCE
#include "threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int cl_thread_start(void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) abort();
    *start = (struct start){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    // Only for wherryd's event loop: the static programs never call this.
    int error = pthread_create(&thread, &attributes, run, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error != 0) free(start);
    return -error;
}

uint64_t cl_thread_identity(void) { return (uint64_t)pthread_self(); }

struct monitor {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

void *cl_monitor_create(void) {
    struct monitor *monitor = malloc(sizeof *monitor);
    if (monitor == NULL) abort();
    pthread_mutex_init(&monitor->mutex, NULL);
    pthread_cond_init(&monitor->condition, NULL);
    return monitor;
}
void cl_monitor_destroy(void *monitor) {
    struct monitor *parts = monitor;
    pthread_cond_destroy(&parts->condition);
    pthread_mutex_destroy(&parts->mutex);
    free(parts);
}
void cl_monitor_lock(void *monitor) { pthread_mutex_lock(&((struct monitor *)monitor)->mutex); }
void cl_monitor_unlock(void *monitor) { pthread_mutex_unlock(&((struct monitor *)monitor)->mutex); }
void cl_monitor_wait(void *monitor) {
    struct monitor *parts = monitor;
    pthread_cond_wait(&parts->condition, &parts->mutex);
}
void cl_monitor_notify_one(void *monitor) { pthread_cond_signal(&((struct monitor *)monitor)->condition); }
void cl_monitor_notify_all(void *monitor) { pthread_cond_broadcast(&((struct monitor *)monitor)->condition); }
