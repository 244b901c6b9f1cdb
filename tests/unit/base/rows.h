/* rows: data files whose rows hold any bytes and differ in length. A line is tab-separated columns;
 * # begins a comment. %XX in a column stands for that byte. */
#ifndef UNIT_BASE_ROWS_H
#define UNIT_BASE_ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/text.h"

enum { ROWS_COLUMNS_MAX = 8, ROWS_LINE_BYTES = 8192 };

static inline struct text unescape(struct text t, char *dst) {
    size_t len = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] == '%' && i + 2 < t.len) {
            char hex[3] = {t.ptr[i + 1], t.ptr[i + 2], '\0'};
            dst[len++] = (char)strtol(hex, NULL, 16);
            i += 2;
        } else {
            dst[len++] = t.ptr[i];
        }
    }
    return text_make(dst, len);
}

/* rows_each(name, visit): visit(columns, count) for every row of TEST_DATA/name; returns
 * the number of rows. Columns live until visit returns. */
static inline size_t rows_each(const char *name,
                               void (*visit)(const struct text *columns, size_t count)) {
    static char line[ROWS_LINE_BYTES], bytes[ROWS_COLUMNS_MAX][ROWS_LINE_BYTES];
    char path[1024];
    size_t rows = 0;
    snprintf(path, sizeof(path), "%s/%s", TEST_DATA, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        abort();
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        struct text rest = text_make(line, strcspn(line, "\n")), part, columns[ROWS_COLUMNS_MAX];
        size_t count = 0;
        if (rest.len == 0 || line[0] == '#')
            continue;
        while (count < ROWS_COLUMNS_MAX && text_cut(&rest, '\t', &part)) {
            columns[count] = unescape(part, bytes[count]);
            count++;
        }
        visit(columns, count);
        rows++;
    }
    fclose(file);
    return rows;
}

#endif
