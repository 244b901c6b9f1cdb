/* nth_malloc: preloaded into agnostic-api, beneath its own malloc, lets one allocation fail: the
 * NTH_MALLOC-th after the first accepted connection (and, with NTH_MALLOC_EVER set, every one
 * behind it). Counts into the file NTH_MALLOC_COUNT, 8 bytes of this machine, so that a run says
 * how many there were. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
static void *(*real_malloc)(size_t), *(*real_calloc)(size_t, size_t),
    *(*real_realloc)(void *, size_t);

static bool counting;
static uint64_t nth, *count;

__attribute__((constructor)) static void prepare(void) {
    real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "__libc_malloc");
    real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "__libc_calloc");
    real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "__libc_realloc");
    const char *number = getenv("NTH_MALLOC"), *name = getenv("NTH_MALLOC_COUNT");
    int file = name ? open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *count) != 0) {
        abort();
    }
    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (count == MAP_FAILED) {
        abort();
    }
    close(file);
    nth = number ? strtoull(number, NULL, 10) : 0;
}

static bool fails(void) {
    if (!counting) {
        return false;
    }
    return ++*count == nth;
}

static void *refuse(void) {
    errno = ENOMEM;
    return NULL;
}

void *__libc_malloc(size_t size) {
    return fails() ? refuse() : real_malloc(size);
}

void *__libc_calloc(size_t n, size_t size) {
    return fails() ? refuse() : real_calloc(n, size);
}

void *__libc_realloc(void *old, size_t size) {
    return fails() ? refuse() : real_realloc(old, size);
}

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags) {
    int connection = (int)syscall(SYS_accept4, fd, addr, len, flags);
    counting = counting || connection >= 0;
    return connection;
}

int accept(int fd, struct sockaddr *addr, socklen_t *len) {
    return accept4(fd, addr, len, 0);
}
