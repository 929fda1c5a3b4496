#ifndef CLINUX_CHILDREN_H
#define CLINUX_CHILDREN_H

#include <sys/types.h>

// The pid of a child that has ended and was not waited for, which it stays; 0 if there is none, -ECHILD without any.
pid_t cl_peek_ended_child(void);
// Gives the C library's unused memory back to the kernel (malloc_trim(3)).
void cl_trim_heap(void);
// Lets the pages of the program's file go that cannot have been written to: they are read again when they are needed.
void cl_forget_program(void);

#endif
