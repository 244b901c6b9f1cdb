/* Any bytes as REQUEST_URI: decoding keeps its promises, and the router takes what comes out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/query.h"
#include "web/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise) {
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct path path;
    struct match match;
    char value[QUERY_VALUE_SIZE];
    bool found;
    struct text uri = text_make((const char *)data, size);
    if (path_decode(uri, &path) == ERR_OK) {
        must(path.count > 0 && path.count <= PATH_SEGMENTS_MAX);
        for (size_t i = 0; i < path.count; i++) {
            must(path.segments[i].len > 0 && text_is_utf8(path.segments[i]));
            must(memchr(path.segments[i].ptr, '/', path.segments[i].len) == NULL);
            must(memchr(path.segments[i].ptr, '\0', path.segments[i].len) == NULL);
        }
        (void)router_find(&path, METHOD_GET, &match);
    }
    if (query_find(path.query, "view", value, &found) == ERR_OK && found)
        must(strlen(value) < sizeof(value));
    return 0;
}
