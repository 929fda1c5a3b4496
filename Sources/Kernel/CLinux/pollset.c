#include "pollset.h"

#include <errno.h>

int cl_poll_all(struct pollfd *items, unsigned count, int timeout) {
    int answer = poll(items, count, timeout);
    return answer == -1 ? -errno : answer;
}
