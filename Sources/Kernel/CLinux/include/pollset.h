#ifndef CLINUX_POLLSET_H
#define CLINUX_POLLSET_H

#include <poll.h>

// poll(2): how many of `items` have events. A signal ends the wait with -EINTR, all events zero.
int cl_poll_all(struct pollfd *items, unsigned count, int timeout);

#endif
