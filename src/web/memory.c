/* memory: what cannot be allocated ends the process. Libraries tell a lack of memory in many ways,
 * or take it for a missing member, a bad token, an absent permission: an answer made of such parts
 * would be wrong, and nobody could tell. The supervisor, or the web server, starts another worker.
 * Only linked into agnostic-api; sanitizers have an allocator of their own. */
#include <stddef.h>
#include <unistd.h>

#include "agnostic/base/err.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

/* size 0: nothing was wanted, so that nothing is no failure. */
static void *got(void *memory, size_t size) {
    static const char last_words[] = "agnostic-api: out of memory\n";
    if (memory || size == 0)
        return memory;
    if (write(STDERR_FILENO, last_words, sizeof(last_words) - 1) < 0)
        _exit(err_exit(ERR_NOMEM));
    _exit(err_exit(ERR_NOMEM));
}

void *malloc(size_t size) {
    return got(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size) {
    return got(__libc_calloc(count, size), count && size);
}

void *realloc(void *old, size_t size) {
    return got(__libc_realloc(old, size), size);
}

#endif
