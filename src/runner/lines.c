/* Cuts the output of an agent into lines. Whole lines inside one chunk are passed on
 * without being copied; only what is left over is held. */
#include "runner/lines.h"

#include <string.h>

void lines_init(struct lines *lines, size_t line_max,
                void (*line)(void *ctx, struct text line, bool too_long), void *ctx) {
    *lines = (struct lines){.line_max = line_max, .line = line, .ctx = ctx};
    buf_init(&lines->held, line_max);
}

static void give(struct lines *lines, struct text line) {
    bool too_long = lines->too_long || line.len > lines->line_max;
    if (too_long || line.len > 0) {
        lines->line(lines->ctx, too_long ? TEXT("") : line, too_long);
    }
    lines->too_long = false;
    buf_reset(&lines->held);
}

static void hold(struct lines *lines, struct text part) {
    if (lines->too_long) {
        return;
    }
    buf_puttext(&lines->held, part);
    if (lines->held.failed) {
        lines->too_long = true;
        buf_reset(&lines->held);
    }
}

void lines_feed(struct lines *lines, struct text bytes) {
    while (bytes.len > 0) {
        const char *newline = memchr(bytes.ptr, '\n', bytes.len);
        struct text part = {bytes.ptr, newline ? (size_t)(newline - bytes.ptr) : bytes.len};
        if (!newline) {
            hold(lines, part);
            return;
        }
        if (lines->held.len > 0 || lines->too_long) {
            hold(lines, part);
            give(lines, buf_text(&lines->held));
        } else {
            give(lines, part);
        }
        bytes = text_make(newline + 1, bytes.len - part.len - 1);
    }
}

void lines_end(struct lines *lines) {
    if (lines->held.len > 0 || lines->too_long) {
        give(lines, buf_text(&lines->held));
    }
    buf_done(&lines->held);
}
