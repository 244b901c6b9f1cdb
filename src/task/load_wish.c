/* The words of a load and how it is written. Judges nothing. */
#include "agnostic/task/load_wish.h"

#include <stdio.h>

#include "agnostic/base/url.h"

const char *const LOAD_WISH_PROFILES[] = {"constant", "saturation", "spike", NULL};
const char *const LOAD_WISH_HTTP[] = {"auto", "1.1", "2", NULL};

/* Nothing in it that would end a request line. */
static bool load_wish_is_path(struct text path) {
    if (path.len == 0 || path.ptr[0] != '/' || path.len > URL_MAX_BYTES ||
        text_starts(path, TEXT("//"))) /* another host */
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] <= ' ' || path.ptr[i] >= 0x7f || path.ptr[i] == '#' || path.ptr[i] == '\\')
            return false;
    return true;
}

bool load_wish_entry(struct text text, int64_t *ret_weight, struct text *ret_path) {
    struct text rest = text, word;
    uint64_t weight = 1;
    if (text.len > 0 && text.ptr[0] != '/' &&
        (!text_cut(&rest, ' ', &word) || !text_u64(word, LOAD_WISH_WEIGHT_MAX, &weight) ||
         weight == 0))
        return false;
    rest = text_trim(rest);
    if (!load_wish_is_path(rest))
        return false;
    *ret_weight = (int64_t)weight;
    *ret_path = rest;
    return true;
}

bool load_wish_is_given(const struct load_wish *wish) {
    return wish->rate > 0 || wish->duration_s > 0 || wish->profile.ptr != NULL ||
           wish->http.ptr != NULL || wish->mix != NULL;
}

static void load_wish_name(struct json_out *out, const char *prefix, const char *name) {
    char whole[32];
    snprintf(whole, sizeof(whole), "%s%s", prefix, name);
    json_out_name(out, whole);
}

void load_wish_put(const struct load_wish *wish, const char *prefix, struct json_out *out) {
    if (wish->rate > 0) {
        load_wish_name(out, prefix, "rate");
        json_out_int(out, wish->rate);
    }
    if (wish->duration_s > 0) {
        load_wish_name(out, prefix, "duration_s");
        json_out_int(out, wish->duration_s);
    }
    if (wish->profile.ptr != NULL) {
        load_wish_name(out, prefix, "profile");
        json_out_text(out, wish->profile);
    }
    if (wish->http.ptr != NULL) {
        load_wish_name(out, prefix, "http");
        json_out_text(out, wish->http);
    }
    if (wish->mix != NULL) {
        load_wish_name(out, prefix, "mix");
        json_out_value(out, wish->mix);
    }
}
