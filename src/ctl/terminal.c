/* terminal: what is safe to show, and where. Must not know what it shows. */
#include "ctl/terminal.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* C0, DEL, C1, and the marks that reorder or hide text (bidi, zero width). */
static bool is_unsafe(struct text point) {
    static const char *const marks[] = {"\u200b", "\u200e", "\u200f", "\u202a", "\u202b",
                                        "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
                                        "\u2068", "\u2069", "\u2028", "\u2029", "\ufeff"};
    const unsigned char *bytes = (const unsigned char *)point.ptr;
    if (bytes[0] < 0x20 || bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0))
        return true;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (text_is(point, marks[i]))
            return true;
    return false;
}

/* The first code point of t, or one byte that begins none (ret_good false). */
static struct text first_point(struct text t, bool *ret_good) {
    for (size_t len = 1; len <= 4 && len <= t.len; len++)
        if (text_is_utf8(text_make(t.ptr, len))) {
            *ret_good = true;
            return text_make(t.ptr, len);
        }
    *ret_good = false;
    return text_make(t.ptr, 1);
}

void terminal_put(FILE *file, struct text t) {
    while (t.len > 0) {
        bool good;
        struct text point = first_point(t, &good);
        if (good && !is_unsafe(point))
            fwrite(point.ptr, 1, point.len, file);
        else
            fputc('?', file);
        t = text_make(t.ptr + point.len, t.len - point.len);
    }
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
