/* Paths in the one form that all their spellings have. Asks nobody. */
#include "agnostic/probe/bounds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/buf.h"
#include "agnostic/base/url.h"

enum { PATH_MAX_BYTES = 1 << 20, ESCAPE_BYTES = 3 };

struct bounds {
    bool stays;
    char **paths; /* in that form, without the slash at the end */
    size_t count;
};

enum err bounds_new(bool stays, struct bounds **ret_bounds) {
    struct bounds *bounds = calloc(1, sizeof(*bounds));
    if (bounds == NULL)
        return ERR_NOMEM;
    bounds->stays = stays;
    *ret_bounds = bounds;
    return ERR_OK;
}

void bounds_free(struct bounds *bounds) {
    if (bounds == NULL)
        return;
    while (bounds->count > 0)
        free(bounds->paths[--bounds->count]);
    free(bounds->paths);
    free(bounds);
}

/* --- the form --------------------------------------------------------------------------------- */

static int bounds_digit(char c) {
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Undoes an escape at the end of what was put; what it gives may end another. */
static void bounds_unescape(struct buf *buf) {
    while (buf->len >= ESCAPE_BYTES) {
        char *end = buf->data + buf->len - ESCAPE_BYTES;
        if (end[0] != '%' || !isxdigit((unsigned char)end[1]) || !isxdigit((unsigned char)end[2]))
            return;
        end[0] = (char)(bounds_digit(end[1]) * 16 + bounds_digit(end[2]));
        buf->len -= ESCAPE_BYTES - 1;
    }
}

/* Lower case, no escapes. */
static void bounds_put_plain(struct text path, struct buf *buf) {
    for (size_t i = 0; i < path.len && !buf->failed; i++) {
        buf_putc(buf, path.ptr[i]);
        bounds_unescape(buf);
    }
    for (size_t i = 0; i < buf->len; i++)
        buf->data[i] = buf->data[i] == '\\' ? '/' : (char)tolower((unsigned char)buf->data[i]);
}

/* One slash between segments, none at the end; no parameters of segments. */
static void bounds_put_segments(struct text plain, struct buf *buf) {
    struct text segment, name;
    while (text_cut(&plain, '/', &segment)) {
        if (!text_cut(&segment, ';', &name) || name.len == 0)
            continue;
        buf_putc(buf, '/');
        buf_puttext(buf, name);
    }
}

static struct text bounds_path(struct text path) {
    size_t len = 0;
    while (len < path.len && path.ptr[len] != '?' && path.ptr[len] != '#')
        len++;
    return text_make(path.ptr, len);
}

/* Both forms: as it is written, and without its dot segments. false: no memory. */
static bool bounds_forms(struct text path, struct buf *written, struct buf *resolved) {
    struct buf plain, dotless;
    buf_init(&plain, PATH_MAX_BYTES);
    buf_init(&dotless, PATH_MAX_BYTES);
    bounds_put_plain(bounds_path(path), &plain);
    bounds_put_segments(buf_text(&plain), written);
    buf_reset(&plain);
    buf_puttext(&plain, buf_text(written));
    buf_puts(&plain, plain.len == 0 ? "/" : "");
    url_put_path(buf_text(&plain), &dotless);
    bounds_put_segments(buf_text(&dotless), resolved);
    bool good = !plain.failed && !dotless.failed && !written->failed && !resolved->failed;
    buf_done(&plain);
    buf_done(&dotless);
    return good;
}

/* --- the paths -------------------------------------------------------------------------------- */

enum err bounds_add(struct bounds *bounds, struct text path) {
    struct buf written, resolved;
    if (!text_starts(path, TEXT("/")))
        return ERR_SYNTAX;
    path = bounds_path(path);
    while (path.ptr[path.len - 1] == '*')
        path.len--;
    char **paths = realloc(bounds->paths, (bounds->count + 1) * sizeof(*paths));
    if (paths == NULL)
        return ERR_NOMEM;
    bounds->paths = paths;
    buf_init(&written, PATH_MAX_BYTES);
    buf_init(&resolved, PATH_MAX_BYTES);
    bool good = bounds_forms(path, &written, &resolved);
    char *form = good ? text_dup(buf_text(&resolved)) : NULL;
    if (form != NULL)
        paths[bounds->count++] = form;
    buf_done(&written);
    buf_done(&resolved);
    return form != NULL ? ERR_OK : ERR_NOMEM;
}

static bool bounds_is_beneath(struct text path, struct text above) {
    return text_starts(path, above) && (path.len == above.len || path.ptr[above.len] == '/');
}

bool bounds_excludes(const struct bounds *bounds, struct text path) {
    struct buf written, resolved;
    if (bounds == NULL || bounds->count == 0)
        return false;
    buf_init(&written, PATH_MAX_BYTES);
    buf_init(&resolved, PATH_MAX_BYTES);
    bool excluded = !bounds_forms(path, &written, &resolved);
    for (size_t i = 0; !excluded && i < bounds->count; i++) {
        struct text above = text_of(bounds->paths[i]);
        excluded = bounds_is_beneath(buf_text(&written), above) ||
                   bounds_is_beneath(buf_text(&resolved), above);
    }
    buf_done(&written);
    buf_done(&resolved);
    return excluded;
}

bool bounds_stays(const struct bounds *bounds) {
    return bounds != NULL && bounds->stays;
}

bool bounds_bind(const struct bounds *bounds) {
    return bounds != NULL && (bounds->stays || bounds->count > 0);
}
