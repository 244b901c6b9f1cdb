/* argument: a tool's command line from a row of words with places in it. One word is one argument,
 * whatever the values hold; there is never a shell. */
#ifndef AGENTS_ADAPTERS_ARGUMENT_H
#define AGENTS_ADAPTERS_ARGUMENT_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

enum { ARGUMENT_MAX = 64, ARGUMENT_BYTES_MAX = 65536 };

/* When a word is part of the line; several: all must hold. */
enum argument_when {
    ARGUMENT_ALWAYS = 0,
    ARGUMENT_NAMED = 1,     /* the target's host is a name, no address */
    ARGUMENT_V6 = 2,        /* the address is of IPv6 */
    ARGUMENT_TLS = 4,       /* the target is https */
    ARGUMENT_PLAIN = 8,     /* it is http */
    ARGUMENT_ACTIVE = 16,   /* the task permits active checks */
    ARGUMENT_INACTIVE = 32, /* it does not */
    ARGUMENT_TRUST = 64,    /* other authorities than the system's are trusted (SSL_CERT_FILE) */
};

struct argument {
    const char *word; /* may hold {host}, {ip}, ...; NULL ends a row */
    unsigned when;
};

/* What the places stand for; NULL: there is none. */
struct argument_values {
    unsigned facts; /* argument_when of this task */
    const char *url, *host, *port, *ip, *endpoint, *authority, *out, *pause_ms, *limit_s, *trust;
};

/* The line: argv ends with NULL and points into bytes. */
struct argument_line {
    char *argv[ARGUMENT_MAX + 1];
    size_t count;
    struct buf bytes;
};

/* argument_line_make(row, values, &line, &fault): {url}, {host}, {port}, {ip}, {endpoint} (IP:PORT,
 * [IP]:PORT), {authority} (HOST:PORT), {out} (file for the output), {pause_ms} (between
 * connections), {limit_s}, {trust} (file of authorities). ERR_REFUSED: a value begins with '-'.
 * ERR_NOT_AVAILABLE: a value is not known. ERR_TOO_LARGE. The caller releases with
 * argument_line_done. */
enum err argument_line_make(const struct argument *row, const struct argument_values *values,
                            struct argument_line *ret_line, struct fault *ret_fault);
void argument_line_done(struct argument_line *line);

#endif
