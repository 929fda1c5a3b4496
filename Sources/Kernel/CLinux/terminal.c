#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int result(int value) { return value == -1 ? -errno : value; }

int cl_open_terminal(const char *ptmx) {
    int master = open(ptmx, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master == -1) return -errno;
    int unlock = 0;
    if (ioctl(master, TIOCSPTLCK, &unlock) == -1) {
        int error = errno;
        close(master);
        return -error;
    }
    return master;
}
int cl_terminal_peer(int master) { return result(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)); }
int cl_terminal_number(int master) {
    unsigned number;
    return ioctl(master, TIOCGPTN, &number) == -1 ? -errno : (int)number;
}
int cl_terminal_size(int fd, unsigned short *columns, unsigned short *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == -1) return -errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
int cl_set_terminal_size(int fd, unsigned short columns, unsigned short rows) {
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    return result(ioctl(fd, TIOCSWINSZ, &size));
}
int cl_set_controlling_terminal(int fd) { return result(ioctl(fd, TIOCSCTTY, 0)); }
int cl_is_terminal(int fd) { return isatty(fd); }
unsigned long cl_terminal_state_size(void) { return sizeof(struct termios); }
int cl_terminal_make_raw(int fd, void *saved) {
    struct termios *before = saved;
    if (tcgetattr(fd, before) == -1) return -errno;
    struct termios raw = *before;
    cfmakeraw(&raw);
    return result(tcsetattr(fd, TCSANOW, &raw));
}
int cl_terminal_keep_newlines(int fd) {
    struct termios settings;
    if (tcgetattr(fd, &settings) == -1) return -errno;
    settings.c_oflag &= ~(tcflag_t)ONLCR;
    return result(tcsetattr(fd, TCSANOW, &settings));
}
int cl_terminal_restore(int fd, const void *saved) { return result(tcsetattr(fd, TCSADRAIN, saved)); }
int cl_unlock_terminal(int master) {
    int unlock = 0;
    return result(ioctl(master, TIOCSPTLCK, &unlock));
}
