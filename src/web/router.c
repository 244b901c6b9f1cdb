/* router: finds the row of the table for a decoded path. Must not know what any row does. */
#include <stdio.h>

#include "web/route.h"

static const struct {
    const char *word;
    enum method method;
} METHODS[] = {
    {"GET", METHOD_GET},         {"HEAD", METHOD_HEAD},   {"POST", METHOD_POST},
    {"PUT", METHOD_PUT},         {"PATCH", METHOD_PATCH}, {"DELETE", METHOD_DELETE},
    {"OPTIONS", METHOD_OPTIONS},
};
enum { METHODS_COUNT = sizeof(METHODS) / sizeof(METHODS[0]) };

enum method router_method(struct text word) {
    for (size_t i = 0; i < METHODS_COUNT; i++)
        if (text_is(word, METHODS[i].word))
            return METHODS[i].method;
    return METHOD_OTHER;
}

const char *router_method_word(enum method method) {
    for (size_t i = 0; i < METHODS_COUNT; i++)
        if (METHODS[i].method == method)
            return METHODS[i].word;
    return "";
}

enum dialect router_dialect(struct text raw_path) {
    return text_is(raw_path, "/api/v1") || text_starts(raw_path, TEXT("/api/v1/")) ? DIALECT_G2
                                                                                   : DIALECT_G1;
}

/* Does the row's pattern fit these segments? */
static bool router_fits(const char *pattern, const struct text *segments, size_t count,
                        struct text ret_open[2]) {
    struct text rest = text_of(pattern + 1), part, open[2] = {TEXT(""), TEXT("")};
    size_t i = 0, opened = 0;
    for (; text_cut(&rest, '/', &part); i++) {
        if (i == count)
            return false;
        if (part.ptr[0] == '{')
            open[opened++] = segments[i];
        else if (!text_eq(part, segments[i]))
            return false;
    }
    ret_open[0] = open[0];
    ret_open[1] = open[1];
    return i == count;
}

static void router_allow(uint32_t methods, char dst[static 64]) {
    size_t len = 0;
    dst[0] = '\0';
    for (size_t i = 0; i < METHODS_COUNT; i++)
        if ((methods >> METHODS[i].method & 1) != 0)
            len +=
                (size_t)snprintf(dst + len, 64 - len, "%s%s", len > 0 ? ", " : "", METHODS[i].word);
}

/* "/api/v1/x" is looked up as "/api/x": the table knows each resource once. */
static size_t router_plain(const struct path *path, struct text *segments, bool *ret_v1) {
    size_t from = 0;
    *ret_v1 =
        path->count >= 2 && text_is(path->segments[0], "api") && text_is(path->segments[1], "v1");
    for (size_t i = 0; i < path->count; i++)
        if (!(*ret_v1 && i == 1))
            segments[from++] = path->segments[i];
    return from;
}

enum err router_find(const struct path *path, enum method method, struct match *ret_match) {
    struct text segments[PATH_SEGMENTS_MAX];
    bool v1;
    size_t count = router_plain(path, segments, &v1);
    uint32_t methods = 0;
    *ret_match = (struct match){.dialect = v1 ? DIALECT_G2 : DIALECT_G1};
    enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        struct text open[2];
        if (!router_fits(ROUTES[i].path, segments, count, open))
            continue;
        if (ROUTES[i].method == wanted) {
            ret_match->route = &ROUTES[i];
            ret_match->id = open[0];
            ret_match->name = open[1];
            return ERR_OK;
        }
        methods |= UINT32_C(1) << ROUTES[i].method;
        if (ROUTES[i].method == METHOD_GET)
            methods |= UINT32_C(1) << METHOD_HEAD;
    }
    router_allow(methods, ret_match->allow);
    return methods != 0 ? ERR_METHOD : ERR_NO_ROUTE;
}
