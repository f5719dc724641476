/*
 * For LD_PRELOAD: lets a chosen file operation of a program go wrong, or kills the program there.
 * tests/faults/files.sh uses it. Only what is done below one folder is counted: open, mkstemp,
 * mkdir, write, fsync, fdatasync, ftruncate and rename, from 1 in the order in which they come.
 *
 *   FAIL_FOLDER   the folder, absolute, with no slash at the end; without it nothing is counted
 *   FAIL_AT       the number of the operation; 0: none, they are only counted
 *   FAIL_HOW      eio      that one fails with EIO
 *                 enospc   that one fails with ENOSPC
 *                 full     that one and all later ones fail with ENOSPC; the first write that does
 *                          writes half, as on a disk that gets full
 *                 before   SIGKILL in place of that one
 *                 after    SIGKILL right after that one
 *                 half     SIGKILL after half of it, when it is a write; else as "after"
 *                 memory   no operation: that malloc(), calloc() or realloc() gives NULL, counted
 *                          from the start of the program FAIL_PROGRAM
 *   FAIL_COUNT    a file that gets the number of operations, and their names, as they come, with
 * the number of allocations until then
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { PATH_MOST = 4096 };

enum fate { FATE_NORMAL, FATE_FAIL, FATE_HALF, FATE_DIE_AFTER };

static atomic_long operations, allocations;

/* glibc's own names for what is replaced here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

/* POSIX guarantees that a function fits into a void *; ISO C does not, so it is copied. */
#define REAL(function, name)                            \
    do {                                                \
        void *found_ = dlsym(RTLD_NEXT, name);          \
        memcpy(&(function), &found_, sizeof(function)); \
    } while (0)

static bool how_is(const char *how)
{
    const char *wanted = getenv("FAIL_HOW");
    return wanted != NULL && strcmp(wanted, how) == 0;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
}

static bool is_below(const char *path)
{
    const char *folder = getenv("FAIL_FOLDER");
    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_descriptor_below(int descriptor)
{
    char link[64], path[PATH_MOST];
    ssize_t size;

    if (getenv("FAIL_FOLDER") == NULL)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    size = readlink(link, path, sizeof(path) - 1);
    if (size <= 0)
        return false;
    path[size] = '\0';
    return is_below(path);
}

static void count(const char *name, long number)
{
    ssize_t (*real)(int, const void *, size_t);
    const char *path = getenv("FAIL_COUNT");
    int (*real_open)(const char *, int, ...);
    char line[128];
    int descriptor, size;

    if (path == NULL)
        return;
    REAL(real, "write");
    REAL(real_open, "open");
    descriptor = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    size = snprintf(line, sizeof(line), "%ld %s %ld\n", number, name, (long)allocations);
    if (descriptor < 0 || real(descriptor, line, (size_t)size) != size)
        die();
    close(descriptor);
}

/* What becomes of an operation that is to be counted; errno is set when it fails. */
static enum fate next(const char *name)
{
    const char *text = getenv("FAIL_AT");
    long at = text == NULL ? 0 : strtol(text, NULL, 10), number = ++operations;

    count(name, number);
    if (at == 0 || how_is("memory") || number < at || (number > at && !how_is("full")))
        return FATE_NORMAL;
    if (how_is("before"))
        die();
    if (how_is("after"))
        return FATE_DIE_AFTER;
    if (how_is("half"))
        return FATE_HALF;
    if (number == at && how_is("full") && strcmp(name, "write") == 0)
        return FATE_HALF;
    errno = how_is("eio") ? EIO : ENOSPC;
    return FATE_FAIL;
}

static int ended(enum fate fate, int result)
{
    if (fate == FATE_DIE_AFTER || fate == FATE_HALF)
        die();
    return result;
}

int open(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...);
    enum fate fate = is_below(path) ? next("open") : FATE_NORMAL;
    mode_t mode = 0;
    va_list arguments;

    if (fate == FATE_FAIL)
        return -1;
    if ((flags & O_CREAT) != 0) {
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    REAL(real, "open");
    return ended(fate, real(path, flags, mode));
}

int mkstemp(char *path)
{
    int (*real)(char *);
    enum fate fate = is_below(path) ? next("mkstemp") : FATE_NORMAL;

    REAL(real, "mkstemp");
    return fate == FATE_FAIL ? -1 : ended(fate, real(path));
}

int mkdir(const char *path, mode_t mode)
{
    int (*real)(const char *, mode_t);
    enum fate fate = is_below(path) ? next("mkdir") : FATE_NORMAL;

    REAL(real, "mkdir");
    return fate == FATE_FAIL ? -1 : ended(fate, real(path, mode));
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    ssize_t (*real)(int, const void *, size_t), result;
    enum fate fate = is_descriptor_below(descriptor) ? next("write") : FATE_NORMAL;

    REAL(real, "write");
    if (fate == FATE_FAIL)
        return -1;
    result = real(descriptor, bytes, fate == FATE_HALF ? (size + 1) / 2 : size);
    if (fate == FATE_DIE_AFTER || (fate == FATE_HALF && how_is("half")))
        die();
    return result;
}

int fsync(int descriptor)
{
    int (*real)(int);
    enum fate fate = is_descriptor_below(descriptor) ? next("fsync") : FATE_NORMAL;

    REAL(real, "fsync");
    return fate == FATE_FAIL ? -1 : ended(fate, real(descriptor));
}

int fdatasync(int descriptor)
{
    int (*real)(int);
    enum fate fate = is_descriptor_below(descriptor) ? next("fdatasync") : FATE_NORMAL;

    REAL(real, "fdatasync");
    return fate == FATE_FAIL ? -1 : ended(fate, real(descriptor));
}

int ftruncate(int descriptor, off_t size)
{
    int (*real)(int, off_t);
    enum fate fate = is_descriptor_below(descriptor) ? next("ftruncate") : FATE_NORMAL;

    REAL(real, "ftruncate");
    return fate == FATE_FAIL ? -1 : ended(fate, real(descriptor, size));
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *);
    enum fate fate = is_below(to) ? next("rename") : FATE_NORMAL;

    REAL(real, "rename");
    return fate == FATE_FAIL ? -1 : ended(fate, real(from, to));
}

/* Whether this allocation is the one. Before main() there may be no name and no environment yet. */
static bool is_out_of_memory(void)
{
    static __thread bool asking;
    const char *program, *at;
    bool due;

    if (asking || environ == NULL || program_invocation_short_name == NULL)
        return false;
    asking = true;
    program = getenv("FAIL_PROGRAM");
    at = getenv("FAIL_AT");
    due = program != NULL && strcmp(program, program_invocation_short_name) == 0 &&
          ++allocations == (at == NULL ? 0 : strtol(at, NULL, 10)) && how_is("memory");
    asking = false;
    if (due)
        errno = ENOMEM;
    return due;
}

void *malloc(size_t size)
{
    return is_out_of_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return is_out_of_memory() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
    return is_out_of_memory() ? NULL : __libc_realloc(memory, size);
}
