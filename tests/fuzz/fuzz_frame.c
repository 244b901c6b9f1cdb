/* Answers as any server may send them, whole and byte by byte: both must be read alike. */
#include <stdint.h>
#include <stdlib.h>

#include "probe/http_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    struct http_frame whole, cut;
    enum http_frame_end end = HTTP_FRAME_MORE;
    size_t used, at = 0;
    http_frame_start(&whole);
    enum http_frame_end expected = http_frame_feed(&whole, bytes, size, &used);
    if (used > size || whole.body_bytes > (int64_t)size)
        abort();
    http_frame_start(&cut);
    while (end == HTTP_FRAME_MORE && at < size) {
        size_t one;
        end = http_frame_feed(&cut, bytes + at, 1, &one);
        at += one;
    }
    if (expected == HTTP_FRAME_BAD ? end != HTTP_FRAME_BAD
                                   : end != expected || at != used || cut.status != whole.status ||
                                         cut.body_bytes != whole.body_bytes)
        abort();
    return 0;
}
