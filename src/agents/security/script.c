/* Just enough JavaScript to find comments. */
#include "agents/security/script.h"

static void skip(struct text *rest, size_t n) {
    n = n < rest->len ? n : rest->len;
    *rest = text_make(rest->ptr + n, rest->len - n);
}

/* rest begins with a quote; a backquoted string may span lines. */
static void skip_string(struct text *rest) {
    char quote = rest->ptr[0];
    size_t n = 1;
    while (n < rest->len && rest->ptr[n] != quote && (quote == '`' || rest->ptr[n] != '\n'))
        n += rest->ptr[n] == '\\' ? 2 : 1;
    skip(rest, n + 1);
}

bool script_comment(struct text *rest, struct text *ret_comment) {
    while (rest->len > 0) {
        bool block = text_starts(*rest, TEXT("/*"));
        if (block || text_starts(*rest, TEXT("//"))) {
            skip(rest, 2);
            long end = text_find(*rest, block ? TEXT("*/") : TEXT("\n"));
            *ret_comment = text_make(rest->ptr, end < 0 ? rest->len : (size_t)end);
            skip(rest, ret_comment->len + (block ? 2 : 1));
            return true;
        }
        if (rest->ptr[0] == '"' || rest->ptr[0] == '\'' || rest->ptr[0] == '`')
            skip_string(rest);
        else
            skip(rest, 1);
    }
    return false;
}
