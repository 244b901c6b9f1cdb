/* fuzz_door: the small readers at the door. A range is inside its text, a wait is no negative
 * number, a cursor reads back as what it was read from. */
#include <stdlib.h>
#include <string.h>

#include "web/cursor.h"
#include "web/etag.h"
#include "web/prefer.h"
#include "web/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static void check_range(struct text text) {
    static const int64_t SIZES[] = {0, 1, 10, 1048576};
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        struct range range = {-1, -1};
        bool part = range_read(text, SIZES[i], &range) == RANGE_PART;
        require(part ? range.first >= 0 && range.first <= range.last && range.last < SIZES[i]
                     : range.first == -1 && range.last == -1);
    }
}

static void check_cursor(struct text text) {
    struct task_list_place place, again;
    char written[CURSOR_SIZE];
    if (!cursor_read(text, &place))
        return;
    require(place.ms > 0 && place.passed >= 0);
    cursor_put(&place, written);
    require(cursor_read(text_of(written), &again));
    require(again.ms == place.ms && again.passed == place.passed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_make((const char *)data, size);
    int64_t seconds = -1;
    check_range(text);
    check_cursor(text);
    require(prefer_wait(text, &seconds) == (seconds >= 0));
    (void)etag_matches(text, "\"0123456789abcdef\"");
    (void)task_event_id(text);
    return 0;
}
