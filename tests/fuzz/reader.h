/* reader: any bytes as the output of one tool. Whatever it wrote, what is said of it must be strict
 * JSON, bounded. */
#ifndef TESTS_FUZZ_READER_H
#define TESTS_FUZZ_READER_H

#include <stdint.h>
#include <stdlib.h>

#include "agents/adapters/tools.h"

static inline void reader_hear(void *ctx, struct text line) {
    (void)ctx;
    if (json_check(line, &JSON_LIMITS_RESULT, NULL) != ERR_OK)
        abort();
}

static inline void reader_try(const char *name, const uint8_t *data, size_t size) {
    const struct tool *tool = tools_find(name);
    struct harvest_place place = {.tool = name,
                                  .prefix = tool->prefix,
                                  .has_target = true,
                                  .target = "https://shop.test/",
                                  .now_s = 1795422900,
                                  .reproduce = "tool"};
    struct harvest *harvest;
    struct lines *lines;
    struct fault fault;
    if (url_parse(text_of(place.target), &place.url, NULL) != ERR_OK ||
        harvest_new(&place, &harvest) != ERR_OK || lines_new(reader_hear, NULL, &lines) != ERR_OK)
        abort();
    if (tool->read(text_make((const char *)data, size), harvest, &fault) == ERR_OK)
        harvest_tell(harvest, lines);
    lines_free(lines);
    harvest_free(harvest);
}

/* READER(tool): the whole of a fuzz target. */
#define READER(tool)                                                                               \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);                                  \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {                                 \
        reader_try(tool, data, size);                                                              \
        return 0;                                                                                  \
    }

#endif
