/* Pages for tests. */
#ifndef TESTS_UNIT_PROBE_PAGE_H
#define TESTS_UNIT_PROBE_PAGE_H

#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/html.h"

static inline struct html *parsed(const char *page) {
    struct html *html = NULL;
    assert_int_equal(html_parse(text_of(page), &html), ERR_OK);
    return html;
}

/* prefix, then `part` count times, then suffix. */
static inline char *page_of(const char *prefix, const char *part, size_t count,
                            const char *suffix) {
    size_t head = strlen(prefix), step = strlen(part);
    char *page = malloc(head + step * count + strlen(suffix) + 1);
    assert_non_null(page);
    memcpy(page, prefix, head);
    for (size_t i = 0; i < count; i++)
        memcpy(page + head + i * step, part, step);
    memcpy(page + head + step * count, suffix, strlen(suffix) + 1);
    return page;
}

#endif
