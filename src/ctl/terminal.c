/* terminal: what is safe to show, and where. Must not know what it shows. */
#include "ctl/terminal.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "agnostic/base/shown.h"

void terminal_put(FILE *file, struct text t) {
    struct text piece;
    bool fit;
    while (shown_next(&t, &piece, &fit))
        fwrite(fit ? piece.ptr : "?", 1, fit ? piece.len : 1, file);
}

void terminal_cell(const char *cell, size_t width) {
    struct text text = text_of(cell && cell[0] ? cell : "-");
    size_t points = text_is_utf8(text) ? text_points(text) : text.len;
    terminal_put(stdout, text);
    for (; points < width; points++)
        putchar(' ');
    fputs("  ", stdout);
}

void terminal_progress_init(struct terminal_progress *progress) {
    *progress = (struct terminal_progress){.redraws = isatty(STDERR_FILENO)};
}

/* So much of line as stays on one row, which is all that \r can take back. */
static struct text one_row(struct text line) {
    struct winsize window = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        return line;
    return text_head(line, window.ws_col - 1);
}

static void redraw(const char *text, int64_t seconds) {
    char line[256];
    snprintf(line, sizeof(line), "%s, %" PRId64 " s", text, seconds);
    fputs("\r\033[K", stderr);
    terminal_put(stderr, one_row(text_of(line)));
}

void terminal_progress_say(struct terminal_progress *progress, const char *text, int64_t seconds) {
    if (progress->redraws) {
        redraw(text, seconds);
        progress->drawn = true;
    } else if (strncmp(progress->last, text, sizeof(progress->last) - 1) != 0) {
        terminal_put(stderr, text_of(text));
        fputc('\n', stderr);
        snprintf(progress->last, sizeof(progress->last), "%s", text);
    }
    fflush(stderr);
}

void terminal_progress_end(struct terminal_progress *progress) {
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
