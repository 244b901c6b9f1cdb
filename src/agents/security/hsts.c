/* Reads one directive; the others are not asked for. */
#include "agents/security/hsts.h"

bool hsts_max_age(struct text value, uint64_t *ret_seconds) {
    struct text part;
    bool found = false;
    while (text_cut(&value, ';', &part)) {
        struct text name;
        if (!text_cut(&part, '=', &name) || !text_ieq(text_trim(name), TEXT("max-age")))
            continue;
        part = text_trim(part);
        if (part.len > 1 && part.ptr[0] == '"' && part.ptr[part.len - 1] == '"')
            part = text_make(part.ptr + 1, part.len - 2);
        if (found || !text_u64(part, UINT64_MAX, ret_seconds))
            return false;
        found = true;
    }
    return found;
}
