#ifndef CLINUX_TERMINAL_H
#define CLINUX_TERMINAL_H

// Opens a new pseudoterminal below `ptmx` (a path); returns the master, unlocked.
int cl_open_terminal(const char *ptmx);
// Lets the slave of `master` be opened.
int cl_unlock_terminal(int master);
// Opens the slave of `master` without a path (TIOCGPTPEER).
int cl_terminal_peer(int master);
int cl_terminal_number(int master);
int cl_terminal_size(int fd, unsigned short *columns, unsigned short *rows);
int cl_set_terminal_size(int fd, unsigned short columns, unsigned short rows);
int cl_set_controlling_terminal(int fd);
int cl_is_terminal(int fd);
// Puts a terminal in raw mode; `saved` has room for cl_terminal_state_size() bytes.
unsigned long cl_terminal_state_size(void);
int cl_terminal_make_raw(int fd, void *saved);
// Clears ONLCR: a newline stays one.
int cl_terminal_keep_newlines(int fd);
int cl_terminal_restore(int fd, const void *saved);

#endif
