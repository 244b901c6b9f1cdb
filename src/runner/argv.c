/* Fills the places of a command line. Knows nothing of manifests or tasks. */
#include "runner/argv.h"

#include <string.h>

struct place {
    const char *name;
    size_t offset; /* of the value in struct argv_values */
    bool target;
};

static const struct place places[] = {
    {"target.url", offsetof(struct argv_values, target_url), true},
    {"target.host", offsetof(struct argv_values, target_host), true},
    {"target.port", offsetof(struct argv_values, target_port), true},
    {"workdir", offsetof(struct argv_values, workdir), false},
};

static const struct place *place_find(struct text name) {
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (text_is(name, places[i].name)) {
            return &places[i];
        }
    }
    return NULL;
}

/* {workdir}, {target.…}: ours, known or not. All other braces are plain text: a command may
 * hold a shell script. */
static bool is_place(struct text name) {
    return text_is(name, "workdir") || text_starts(name, TEXT("target."));
}

/* The next place of rest: what stands before it, its name; rest moves behind it. */
static bool next_place(struct text *rest, struct text *ret_before, struct text *ret_name) {
    for (size_t open = 0; open < rest->len; open++) {
        struct text tail = {rest->ptr + open + 1, rest->len - open - 1};
        long close = rest->ptr[open] == '{' ? text_find(tail, TEXT("}")) : -1;
        struct text name = {tail.ptr, close < 0 ? 0 : (size_t)close};
        if (is_place(name)) {
            *ret_before = text_make(rest->ptr, open);
            *ret_name = name;
            *rest = text_make(tail.ptr + close + 1, tail.len - (size_t)close - 1);
            return true;
        }
    }
    return false;
}

bool argv_is_known(const char *argument, struct text *ret_unknown) {
    struct text rest = text_of(argument), before, name;
    while (next_place(&rest, &before, &name)) {
        if (!place_find(name)) {
            *ret_unknown = name;
            return false;
        }
    }
    return true;
}

bool argv_wants_target(const char *argument) {
    struct text rest = text_of(argument), before, name;
    while (next_place(&rest, &before, &name)) {
        const struct place *place = place_find(name);
        if (place && place->target) {
            return true;
        }
    }
    return false;
}

enum err argv_put(const char *argument, const struct argv_values *values, struct buf *buf,
                  struct fault *ret_fault) {
    struct text rest = text_of(argument), before, name;
    while (next_place(&rest, &before, &name)) {
        const struct place *place = place_find(name);
        const char *value = NULL;
        if (place) {
            memcpy(&value, (const char *)values + place->offset, sizeof(value));
        }
        if (!value) {
            return fault_set(ret_fault, ERR_NOT_AVAILABLE, "{%.*s} is not known for this task",
                             TEXT_ARG(name));
        }
        if (value[0] == '-') {
            return fault_set(ret_fault, ERR_REFUSED, "{%.*s} starts with '-'", TEXT_ARG(name));
        }
        buf_puttext(buf, before);
        buf_puts(buf, value);
    }
    buf_puttext(buf, rest);
    buf_putc(buf, '\0');
    return buf->failed ? fault_set(ret_fault, ERR_TOO_LARGE, "the command line is too long")
                       : ERR_OK;
}
