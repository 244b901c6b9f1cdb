/* Each kind is a table of what replaces a character. Knows no document. */
#include "report/escape.h"

#include <string.h>

#include "agnostic/base/shown.h"

struct replacement {
    char c;
    const char *by;
};

static bool is_blank(struct text piece) {
    return piece.len == 1 && (piece.ptr[0] == '\n' || piece.ptr[0] == '\t' || piece.ptr[0] == '\r');
}

/* Runners of CI take "##[" and "##vso[" for commands wherever in a line they stand. */
static bool pairs_up(const struct buf *buf, struct text piece) {
    return piece.ptr[0] == '#' && buf->len > 0 && buf->data[buf->len - 1] == '#';
}

/* table ends with c NUL. */
static void put_replaced(struct buf *buf, struct text t, const struct replacement *table) {
    struct text piece;
    bool fit;
    while (shown_next(&t, &piece, &fit)) {
        const struct replacement *row = table;
        while (row->c != '\0' && (piece.len != 1 || piece.ptr[0] != row->c))
            row++;
        if (row->c != '\0')
            buf_puts(buf, row->by);
        else if (is_blank(piece))
            buf_putc(buf, ' ');
        else if (pairs_up(buf, piece))
            buf_puts(buf, " #");
        else
            buf_puttext(buf, fit ? piece : TEXT("?"));
    }
}

void escape_markup(struct buf *buf, struct text t) {
    static const struct replacement TABLE[] = {{'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},
                                               {'"', "&quot;"}, {'\'', "&#39;"}, {'#', "&#35;"},
                                               {'\0', NULL}};
    put_replaced(buf, t, TABLE);
}

void escape_markdown(struct buf *buf, struct text t) {
    /* A blank of no width keeps names and numbers from becoming mentions. */
    static const struct replacement TABLE[] = {
        {'\\', "\\\\"}, {'`', "\\`"},     {'*', "\\*"}, {'_', "\\_"},  {'[', "\\["},
        {']', "\\]"},   {'(', "\\("},     {')', "\\)"}, {'<', "&lt;"}, {'>', "&gt;"},
        {'&', "&amp;"}, {'|', "\\|"},     {'~', "\\~"}, {'!', "\\!"},  {'#', "\\#\u200B"},
        {'$', "\\$"},   {'@', "@\u200B"}, {'\0', NULL}};
    put_replaced(buf, t, TABLE);
}

void escape_markdown_block(struct buf *buf, struct text t) {
    static const struct replacement TABLE[] = {{'&', "&amp;"},   {'<', "&lt;"},    {'>', "&gt;"},
                                               {'"', "&quot;"},  {'\'', "&#39;"},  {'`', "&#96;"},
                                               {'#', "#\u200B"}, {'@', "@\u200B"}, {'\0', NULL}};
    put_replaced(buf, t, TABLE);
}

static size_t longest_run(struct text t, char c) {
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < t.len; i++) {
        run = t.ptr[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void escape_markdown_code(struct buf *buf, struct text t) {
    /* Cells of tables are cut at bars, in code spans too. */
    static const struct replacement TABLE[] = {{'|', "\u2502"}, {'\0', NULL}};
    size_t fence = longest_run(t, '`') + 1;
    for (size_t i = 0; i < fence; i++)
        buf_putc(buf, '`');
    buf_putc(buf, ' ');
    put_replaced(buf, t, TABLE);
    buf_putc(buf, ' ');
    for (size_t i = 0; i < fence; i++)
        buf_putc(buf, '`');
}

void escape_command(struct buf *buf, struct text t, bool property) {
    static const struct replacement MESSAGE[] = {{'%', "%25"}, {'\0', NULL}},
                                    PROPERTY[] = {
                                        {'%', "%25"}, {':', "%3A"}, {',', "%2C"}, {'\0', NULL}};
    put_replaced(buf, t, property ? PROPERTY : MESSAGE);
}

void escape_plain(struct buf *buf, struct text t) {
    static const struct replacement TABLE[] = {{'\0', NULL}};
    put_replaced(buf, t, TABLE);
}

void escape_message(struct buf *buf, struct text t) {
    for (long at; (at = text_find(t, TEXT("]("))) >= 0;) {
        escape_plain(buf, text_make(t.ptr, (size_t)at + 1));
        buf_putc(buf, ' ');
        t = text_make(t.ptr + at + 1, t.len - (size_t)at - 1);
    }
    escape_plain(buf, t);
}

void escape_path(struct buf *buf, struct text t) {
    static const char UNRESERVED[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] != '\0' && strchr(UNRESERVED, t.ptr[i]) != NULL)
            buf_putc(buf, t.ptr[i]);
        else
            buf_printf(buf, "%%%02X", (unsigned char)t.ptr[i]);
    }
}
