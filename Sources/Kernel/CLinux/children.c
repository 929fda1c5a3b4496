#define _GNU_SOURCE
#include "children.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t cl_peek_ended_child(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int outcome;
    do
        // WNOWAIT leaves the child to whoever waits for it.
        outcome = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
    while (outcome == -1 && errno == EINTR);
    return outcome == -1 ? -errno : info.si_pid;
}

void cl_trim_heap(void) { malloc_trim(0); }

void cl_forget_program(void) {
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM), page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t base = 0;
    for (size_t i = 0; i < count; i++)
        if (headers[i].p_type == PT_PHDR) base = (uintptr_t)headers - headers[i].p_vaddr;
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type != PT_LOAD || headers[i].p_flags & PF_W) continue;
        uintptr_t start = (base + headers[i].p_vaddr) & ~(page - 1);
        madvise((void *)start, base + headers[i].p_vaddr + headers[i].p_memsz - start, MADV_DONTNEED);
    }
}
