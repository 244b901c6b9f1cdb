/* prefer: finds one preference in a Prefer field. Must not know what becomes of it. */
#include "web/prefer.h"

/* name = value, where value may stand in quotes. */
static bool prefer_is_wait(struct text preference, int64_t *ret_seconds) {
    uint64_t n;
    long equals = text_find(preference, TEXT("="));
    if (equals < 0 || !text_ieq(text_trim(text_make(preference.ptr, (size_t)equals)), TEXT("wait")))
        return false;
    struct text value =
        text_trim(text_make(preference.ptr + equals + 1, preference.len - (size_t)equals - 1));
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        value = text_make(value.ptr + 1, value.len - 2);
    if (!text_u64(value, INT32_MAX, &n))
        return false;
    *ret_seconds = (int64_t)n;
    return true;
}

bool prefer_wait(struct text field, int64_t *ret_seconds) {
    for (struct text part, name; field.len > 0 && text_cut(&field, ',', &part);) {
        if (part.len == 0)
            continue;
        (void)text_cut(&part, ';', &name); /* parameters mean nothing here */
        if (prefer_is_wait(name, ret_seconds))
            return true;
    }
    return false;
}
