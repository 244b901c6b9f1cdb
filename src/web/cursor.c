/* cursor: a place in a list as clients carry it about: opaque to them. Must not know what is
 * listed. */
#include "web/cursor.h"

#include <stdio.h>

void cursor_put(const struct task_list_place *place, char dst[static CURSOR_SIZE]) {
    snprintf(dst, CURSOR_SIZE, "%lld.%lld", (long long)place->ms, (long long)place->passed);
}

bool cursor_read(struct text text, struct task_list_place *ret_place) {
    struct text rest = text, ms, passed, more;
    uint64_t numbers[2];
    if (!text_cut(&rest, '.', &ms) || !text_cut(&rest, '.', &passed) || text_cut(&rest, '.', &more))
        return false;
    if (!text_u64(ms, CURSOR_NUMBER_MAX, &numbers[0]) || numbers[0] == 0 ||
        !text_u64(passed, CURSOR_NUMBER_MAX, &numbers[1]))
        return false;
    *ret_place = (struct task_list_place){.ms = (int64_t)numbers[0], .passed = (int64_t)numbers[1]};
    return true;
}
