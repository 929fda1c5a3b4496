// Lists the functions of a program that are called while a command runs, in the order of their first calls.
//
//     called-functions PROGRAM SYMBOLS COMMAND [ARGUMENT...] >LIST
//
// SYMBOLS has a line `ADDRESS NAME` for each function of PROGRAM, which must not be relocated, by rising addresses, as nm(1)
// numbers them. COMMAND may execute PROGRAM as often as it likes, and PROGRAM make processes.
//
// Every function begins with a breakpoint, which goes away when it is met.
#define _GNU_SOURCE
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
static const unsigned char breakpoint[] = {0xcc};
enum { PASSED = 1 }; // The processor is past it when it stops.
#define COUNTER rip
#elif defined(__aarch64__)
static const unsigned char breakpoint[] = {0x00, 0x00, 0x20, 0xd4};
enum { PASSED = 0 };
#define COUNTER pc
#endif

struct function {
    unsigned long address;
    char *name;
    int was_called;
};
static struct function *functions;
static size_t count;
static unsigned char *original; // from the first function's address on
static struct stat program;

static void read_symbols(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) err(1, "%s", path);
    unsigned long address;
    char *name;
    while (fscanf(file, "%lx %ms", &address, &name) == 2) {
        if (count > 0 && functions[count - 1].address == address) continue;
        if (count % 4096 == 0) functions = realloc(functions, (count + 4096) * sizeof *functions);
        functions[count++] = (struct function){address, name, 0};
    }
    fclose(file);
    if (count == 0) errx(1, "%s: no functions", path);
}

static int by_address(const void *one, const void *other) {
    unsigned long a = ((const struct function *)one)->address, b = ((const struct function *)other)->address;
    return (a > b) - (a < b);
}

static int memory_of(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    if (memory == -1) err(1, "%s", path);
    return memory;
}

static int runs_program(pid_t process) {
    struct stat status;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/exe", process);
    return stat(path, &status) == 0 && status.st_dev == program.st_dev && status.st_ino == program.st_ino;
}

static void set_breakpoints(pid_t process) {
    unsigned long first = functions[0].address;
    size_t size = functions[count - 1].address - first + sizeof breakpoint;
    int memory = memory_of(process);
    if (original == NULL) original = malloc(size);
    unsigned char *changed = malloc(size);
    if (pread(memory, original, size, (off_t)first) != (ssize_t)size) err(1, "cannot read the program");
    memcpy(changed, original, size);
    for (size_t i = 0; i < count; i++) memcpy(changed + (functions[i].address - first), breakpoint, sizeof breakpoint);
    if (pwrite(memory, changed, size, (off_t)first) != (ssize_t)size) err(1, "cannot change the program");
    free(changed);
    close(memory);
}

// Whether the process had met a breakpoint of ours, which is gone then.
static int passes_breakpoint(pid_t process) {
    struct user_regs_struct registers;
    struct iovec part = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &part) == -1) return 0;
    struct function key = {.address = registers.COUNTER - PASSED};
    struct function *function = bsearch(&key, functions, count, sizeof key, by_address);
    if (function == NULL) return 0;
    if (!function->was_called) puts(function->name);
    function->was_called = 1;
    int memory = memory_of(process);
    if (pwrite(memory, original + (key.address - functions[0].address), sizeof breakpoint, (off_t)key.address) == -1)
        err(1, "cannot change the program");
    close(memory);
    registers.COUNTER = key.address;
    ptrace(PTRACE_SETREGSET, process, NT_PRSTATUS, &part);
    return 1;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 4) errx(2, "usage: called-functions PROGRAM SYMBOLS COMMAND [ARGUMENT...]");
    if (stat(arguments[1], &program) == -1) err(1, "%s", arguments[1]);
    read_symbols(arguments[2]);
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(arguments[3], arguments + 3);
        err(1, "%s", arguments[3]);
    }
    int status;
    waitpid(child, &status, 0);
    const long events = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
    ptrace(PTRACE_SETOPTIONS, child, 0, events | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, child, 0, 0);
    for (pid_t process; (process = waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) continue;
        int number = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_EXEC && runs_program(process)) set_breakpoints(process);
        int is_ours = event != 0 || number == SIGSTOP || (number == SIGTRAP && passes_breakpoint(process));
        ptrace(PTRACE_CONT, process, 0, is_ours ? 0 : number);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
