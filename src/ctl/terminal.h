/* terminal: text of strangers on a terminal, and one line of progress. */
#ifndef CTL_TERMINAL_H
#define CTL_TERMINAL_H

#include <stdio.h>

#include "agnostic/base/text.h"

/* terminal_put(file, t): t with control characters and bytes that are not UTF-8 shown as '?', so
 * that no finding can steer the terminal it is printed on. */
void terminal_put(FILE *file, struct text t);

/* terminal_cell(cell, width): a column of a table on stdout, padded to width characters and a gap;
 * NULL and "" as "-". */
void terminal_cell(const char *cell, size_t width);

struct terminal_progress {
    bool redraws; /* stderr is a terminal */
    bool drawn;
    char last[160];
};
/* terminal_progress_init(progress): on stderr. */
void terminal_progress_init(struct terminal_progress *progress);
/* terminal_progress_say(progress, text, seconds): on a terminal one line, redrawn with the seconds
 * gone; else a line whenever text changes. */
void terminal_progress_say(struct terminal_progress *progress, const char *text, int64_t seconds);
/* terminal_progress_end(progress): takes the line away. */
void terminal_progress_end(struct terminal_progress *progress);

#endif
