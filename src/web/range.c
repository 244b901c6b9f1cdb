/* range: reads a Range field, and what of a text that is. Must not know what is read in parts. */
#include "web/range.h"

/* Digits; what no machine counts is as good as the largest number. */
static bool range_number(struct text digits, int64_t *ret_n) {
    uint64_t n;
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
    if (digits.len == 0)
        return false;
    *ret_n = text_u64(digits, INT64_MAX, &n) ? (int64_t)n : INT64_MAX;
    return true;
}

/* "-N": the last N bytes. */
static enum range_kind range_tail(struct text digits, int64_t size, struct range *ret_range) {
    int64_t n;
    if (!range_number(digits, &n))
        return RANGE_WHOLE;
    if (n == 0 || size == 0)
        return RANGE_BEYOND;
    *ret_range = (struct range){n < size ? size - n : 0, size - 1};
    return RANGE_PART;
}

enum range_kind range_read(struct text field, int64_t size, struct range *ret_range) {
    struct text unit = TEXT("bytes=");
    int64_t first, last = INT64_MAX;
    if (!text_istarts(field, unit))
        return RANGE_WHOLE;
    struct text asked = text_trim(text_make(field.ptr + unit.len, field.len - unit.len));
    long dash = text_find(asked, TEXT("-"));
    if (dash < 0)
        return RANGE_WHOLE;
    struct text from = text_make(asked.ptr, (size_t)dash);
    struct text to = text_make(asked.ptr + dash + 1, asked.len - from.len - 1);
    if (from.len == 0)
        return range_tail(to, size, ret_range);
    if (!range_number(from, &first) || (to.len > 0 && !range_number(to, &last)) || last < first)
        return RANGE_WHOLE;
    if (first >= size)
        return RANGE_BEYOND;
    *ret_range = (struct range){first, last < size ? last : size - 1};
    return RANGE_PART;
}
