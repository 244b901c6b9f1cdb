/* lines: cuts a stream of bytes into lines with a bounded memory. */
#ifndef AGNOSTIC_RUNNER_LINES_H
#define AGNOSTIC_RUNNER_LINES_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

struct lines {
    struct buf held; /* of the line that has not ended yet */
    bool too_long;   /* that line passed the limit; the rest of it is thrown away */
    size_t line_max; /* bytes */
    /* A line without its newline. too_long: it passed line_max, and line is empty. */
    void (*line)(void *ctx, struct text line, bool too_long);
    void *ctx;
};

/* lines_init(lines, line_max, line, ctx): nothing allocated yet. */
void lines_init(struct lines *lines, size_t line_max,
                void (*line)(void *ctx, struct text line, bool too_long), void *ctx);
/* lines_feed(lines, bytes): calls line for each line that ends in bytes. Empty lines are
 * passed over. Out of memory counts as too long. */
void lines_feed(struct lines *lines, struct text bytes);
/* lines_end(lines): the stream is over; a last line without newline counts. Frees. */
void lines_end(struct lines *lines);

#endif
