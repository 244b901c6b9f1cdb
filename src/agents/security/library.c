/* The table of holes, and a reader of versions. Fetches nothing. */
#include "agents/security/library.h"

/* Of each library the newest that matters; a row for each line of versions that is kept up. */
static const struct library_hole HOLES[] = {
    {"angular", {1, 0, 0}, {1, 8, 0}, "CVE-2020-7676"},
    {"angularjs", {1, 0, 0}, {1, 8, 0}, "CVE-2020-7676"},
    {"axios", {0, 8, 1}, {1, 6, 0}, "CVE-2023-45857"},
    {"bootstrap", {2, 0, 0}, {3, 4, 1}, "CVE-2019-8331"},
    {"bootstrap", {4, 0, 0}, {4, 3, 1}, "CVE-2019-8331"},
    {"dompurify", {0, 0, 0}, {2, 5, 4}, "CVE-2024-45801"},
    {"dompurify", {3, 0, 0}, {3, 1, 3}, "CVE-2024-45801"},
    {"handlebars", {0, 0, 0}, {4, 7, 7}, "CVE-2021-23369"},
    {"jquery", {1, 2, 0}, {3, 5, 0}, "CVE-2020-11022"},
    {"jquery-ui", {1, 0, 0}, {1, 13, 2}, "CVE-2022-31160"},
    {"jquery.ui", {1, 0, 0}, {1, 13, 2}, "CVE-2022-31160"},
    {"jquery-validate", {1, 0, 0}, {1, 19, 5}, "CVE-2022-31147"},
    {"knockout", {0, 0, 0}, {3, 5, 0}, "CVE-2019-14862"},
    {"lodash", {0, 0, 0}, {4, 17, 21}, "CVE-2021-23337"},
    {"lodash.js", {0, 0, 0}, {4, 17, 21}, "CVE-2021-23337"},
    {"marked", {0, 0, 0}, {4, 0, 10}, "CVE-2022-21680"},
    {"moment", {2, 18, 0}, {2, 29, 4}, "CVE-2022-31129"},
    {"moment.js", {2, 18, 0}, {2, 29, 4}, "CVE-2022-31129"},
    {"mustache", {0, 0, 0}, {2, 2, 1}, "CVE-2015-8862"},
    {"prism", {0, 0, 0}, {1, 27, 0}, "CVE-2022-23647"},
    {"underscore", {1, 3, 2}, {1, 12, 1}, "CVE-2021-23358"},
};

static bool library_is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* "1.12.4" at the front of t; a missing last number is 0. False for one number, and for a version
 * that is not yet released ("3.0.0-beta1"). */
static bool library_version(struct text t, int version[static LIBRARY_NUMBERS]) {
    size_t at = 0, count = 0;
    int read[LIBRARY_NUMBERS] = {0};
    for (; count < LIBRARY_NUMBERS; count++) {
        size_t start = at;
        while (at < t.len && library_is_digit(t.ptr[at]) && at - start < 5)
            read[count] = read[count] * 10 + (t.ptr[at++] - '0');
        if (at == start)
            break;
        if (at + 1 >= t.len || t.ptr[at] != '.' || !library_is_digit(t.ptr[at + 1])) {
            count++;
            break;
        }
        at++;
    }
    bool ends = at >= t.len || t.ptr[at] == '/' || t.ptr[at] == '.' ||
                text_starts(text_make(t.ptr + at, t.len - at), TEXT("-min")) ||
                text_starts(text_make(t.ptr + at, t.len - at), TEXT(".min"));
    if (count < 2 || !ends)
        return false;
    for (size_t i = 0; i < LIBRARY_NUMBERS; i++)
        version[i] = read[i];
    return true;
}

/* What stands behind the name in one of its places: "-3.4.1", "/3.4.1", "@3.4.1", ".v3.4.1". */
static bool library_behind(struct text rest, int version[static LIBRARY_NUMBERS]) {
    if (rest.len < 2 ||
        (rest.ptr[0] != '-' && rest.ptr[0] != '/' && rest.ptr[0] != '@' && rest.ptr[0] != '.'))
        return false;
    size_t skip = rest.ptr[1] == 'v' || rest.ptr[1] == 'V' ? 2 : 1;
    return library_version(text_make(rest.ptr + skip, rest.len - skip), version);
}

/* "name.js?ver=3.4.1" and "name.min.js?v=3.4.1". */
static bool library_in_query(struct text rest, struct text query,
                             int version[static LIBRARY_NUMBERS]) {
    struct text part;
    if (!text_ieq(rest, TEXT(".js")) && !text_ieq(rest, TEXT(".min.js")))
        return false;
    while (query.ptr != NULL && text_cut(&query, '&', &part)) {
        size_t skip = text_istarts(part, TEXT("ver=")) ? 4 : text_istarts(part, TEXT("v=")) ? 2 : 0;
        if (skip > 0)
            return library_version(text_make(part.ptr + skip, part.len - skip), version);
    }
    return false;
}

/* The version that stands with the name, at the beginning of a segment of the path. */
static bool library_named(struct text path, struct text query, const char *name,
                          int version[static LIBRARY_NUMBERS]) {
    struct text wanted = text_of(name);
    for (size_t i = 0; i + wanted.len < path.len; i++) {
        struct text rest = text_make(path.ptr + i + 1, path.len - i - 1);
        if (path.ptr[i] != '/' || !text_istarts(rest, wanted))
            continue;
        rest = text_make(rest.ptr + wanted.len, rest.len - wanted.len);
        if (library_behind(rest, version) || library_in_query(rest, query, version))
            return true;
    }
    return false;
}

static int library_compare(const int a[static LIBRARY_NUMBERS],
                           const int b[static LIBRARY_NUMBERS]) {
    for (size_t i = 0; i < LIBRARY_NUMBERS; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

bool library_find(struct text path, struct text query, int version[static LIBRARY_NUMBERS],
                  const struct library_hole **ret_hole) {
    for (size_t i = 0; i < sizeof(HOLES) / sizeof(HOLES[0]); i++) {
        const struct library_hole *hole = &HOLES[i];
        if (!library_named(path, query, hole->name, version) ||
            library_compare(version, hole->from) < 0 || library_compare(version, hole->mended) >= 0)
            continue;
        *ret_hole = hole;
        return true;
    }
    return false;
}
