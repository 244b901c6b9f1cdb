/* table: reads the rows of a data file in tests/data: tab-separated cells, # comments. */
#ifndef UNIT_TABLE_H
#define UNIT_TABLE_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { TABLE_CELLS_MAX = 16, TABLE_LINE_MAX = 8192 };

/* table_each(name, columns, row): calls row(cells, line) for every row of TEST_DATA/name and
 * fails on a row with another number of cells. Returns how many rows there were. */
static inline size_t table_each(const char *name, size_t columns,
                                void (*row)(char **cells, size_t line)) {
    char path[4096], text[TABLE_LINE_MAX];
    size_t line = 0, rows = 0;
    snprintf(path, sizeof(path), "%s/%s", TEST_DATA, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    while (fgets(text, sizeof(text), file) != NULL) {
        char *cells[TABLE_CELLS_MAX], *rest = text, *cell;
        size_t count = 0;
        line++;
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '#' || text[0] == '\0')
            continue;
        while (count < TABLE_CELLS_MAX && (cell = strsep(&rest, "\t")) != NULL)
            cells[count++] = cell;
        if (count != columns)
            fail_msg("%s:%zu: %zu cells, expected %zu", name, line, count, columns);
        row(cells, line);
        rows++;
    }
    fclose(file);
    return rows;
}

#endif
