/* Compares texts. Asks nothing. */
#include "agents/junior/look.h"

#include "agents/junior/site.h"

static bool look_parts(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '<' || c == '>' || c == '"' || c == '\'';
}

static bool look_next(struct text *rest, struct text *ret_word) {
    size_t begin = 0, end;
    while (begin < rest->len && look_parts(rest->ptr[begin]))
        begin++;
    for (end = begin; end < rest->len && !look_parts(rest->ptr[end]);)
        end++;
    *ret_word = text_make(rest->ptr + begin, end - begin);
    *rest = text_make(rest->ptr + end, rest->len - end);
    return ret_word->len > 0;
}

bool look_compare(struct text a, struct text b, struct look_mask *ret_mask) {
    struct text one, other;
    size_t words = 0;
    *ret_mask = (struct look_mask){.count = 0};
    for (;; words++) {
        bool more = look_next(&a, &one);
        if (look_next(&b, &other) != more)
            return false;
        if (!more)
            break;
        if (text_eq(one, other))
            continue;
        if (ret_mask->count == LOOK_WILD_MAX)
            return false;
        ret_mask->wild[ret_mask->count++] = words;
    }
    return words - ret_mask->count >= LOOK_KEPT_MIN && words >= LOOK_KEPT_SHARE * ret_mask->count;
}

uint64_t look_of(const struct look_mask *mask, struct text body) {
    uint64_t hash = 0;
    size_t words = 0, wild = 0;
    for (struct text word; look_next(&body, &word); words++) {
        if (wild < mask->count && mask->wild[wild] == words) {
            wild++;
            continue;
        }
        hash = (hash ^ site_hash(word)) * UINT64_C(1099511628211);
    }
    hash ^= words;
    return hash != 0 ? hash : 1;
}
