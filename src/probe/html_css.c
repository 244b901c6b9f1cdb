/* URLs in styles: url() and @import, outside of comments and other strings. */
#include <string.h>

#include "probe/html_parts.h"

static void skip(struct text *rest, size_t n) {
    n = n < rest->len ? n : rest->len;
    *rest = text_make(rest->ptr + n, rest->len - n);
}

static void skip_blanks(struct text *rest) {
    while (rest->len > 0 && strchr(" \t\r\n\f", rest->ptr[0]) != NULL && rest->ptr[0] != '\0')
        skip(rest, 1);
}

static bool is_quote(struct text rest) {
    return rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'');
}

/* rest begins with a quote: what stands in it; rest behind it. */
static struct text take_string(struct text *rest) {
    char quote = rest->ptr[0];
    size_t n = 1;
    while (n < rest->len && rest->ptr[n] != quote && rest->ptr[n] != '\n')
        n += rest->ptr[n] == '\\' ? 2 : 1;
    n = n < rest->len ? n : rest->len;
    struct text string = text_make(rest->ptr + 1, n - 1);
    skip(rest, n + 1);
    return string;
}

/* rest is behind "url(". */
static struct text take_url(struct text *rest) {
    skip_blanks(rest);
    if (is_quote(*rest))
        return take_string(rest);
    const char *end = memchr(rest->ptr, ')', rest->len);
    size_t n = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
    struct text url = text_make(rest->ptr, n);
    skip(rest, n + 1);
    return text_trim(url);
}

static void skip_comment(struct text *rest) {
    skip(rest, 2);
    long end = text_find(*rest, TEXT("*/"));
    skip(rest, end < 0 ? rest->len : (size_t)end + 2);
}

/* rest is behind "@import". */
static struct text take_import(struct text *rest) {
    skip_blanks(rest);
    if (is_quote(*rest))
        return take_string(rest);
    if (!text_istarts(*rest, TEXT("url(")))
        return (struct text){NULL, 0};
    skip(rest, 4);
    return take_url(rest);
}

bool html_css_next(struct text *rest, struct text *ret_url, bool *ret_import) {
    while (rest->len > 0) {
        bool import = text_istarts(*rest, TEXT("@import"));
        struct text url = {NULL, 0};
        if (text_starts(*rest, TEXT("/*"))) {
            skip_comment(rest);
        } else if (import || text_istarts(*rest, TEXT("url("))) {
            skip(rest, import ? 7 : 4);
            url = import ? take_import(rest) : take_url(rest);
        } else if (is_quote(*rest)) {
            (void)take_string(rest);
        } else {
            skip(rest, 1);
        }
        if (url.ptr != NULL) {
            *ret_url = url;
            *ret_import = import;
            return true;
        }
    }
    return false;
}
