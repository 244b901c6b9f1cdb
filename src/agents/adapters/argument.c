/* Fills the places of a row of words. Knows no tool. */
#include "agents/adapters/argument.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset; /* of the value in struct argument_values */
} PLACES[] = {
    {"url", offsetof(struct argument_values, url)},
    {"host", offsetof(struct argument_values, host)},
    {"port", offsetof(struct argument_values, port)},
    {"ip", offsetof(struct argument_values, ip)},
    {"endpoint", offsetof(struct argument_values, endpoint)},
    {"authority", offsetof(struct argument_values, authority)},
    {"out", offsetof(struct argument_values, out)},
    {"pause_ms", offsetof(struct argument_values, pause_ms)},
    {"limit_s", offsetof(struct argument_values, limit_s)},
    {"trust", offsetof(struct argument_values, trust)},
};

static bool argument_place(struct text name, const struct argument_values *values,
                           const char **ret_value) {
    for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        if (!text_is(name, PLACES[i].name))
            continue;
        memcpy(ret_value, (const char *)values + PLACES[i].offset, sizeof(*ret_value));
        return true;
    }
    return false;
}

/* "{name}" at the start of rest; all other braces are plain text. */
static bool argument_next(struct text rest, const struct argument_values *values,
                          struct text *ret_name, const char **ret_value) {
    if (rest.ptr[0] != '{')
        return false;
    long close = text_find(rest, TEXT("}"));
    if (close < 0)
        return false;
    *ret_name = text_make(rest.ptr + 1, (size_t)close - 1);
    return argument_place(*ret_name, values, ret_value);
}

static enum err argument_put(const char *word, const struct argument_values *values,
                             struct buf *bytes, struct fault *fault) {
    struct text rest = text_of(word), name;
    while (rest.len > 0) {
        const char *value;
        if (!argument_next(rest, values, &name, &value)) {
            buf_putc(bytes, rest.ptr[0]);
            rest = text_make(rest.ptr + 1, rest.len - 1);
            continue;
        }
        if (value == NULL)
            return fault_set(fault, ERR_NOT_AVAILABLE, "{%.*s} is not known for this task",
                             TEXT_ARG(name));
        if (value[0] == '-')
            return fault_set(fault, ERR_REFUSED, "{%.*s} begins with '-'", TEXT_ARG(name));
        buf_puts(bytes, value);
        rest = text_make(rest.ptr + name.len + 2, rest.len - name.len - 2);
    }
    buf_putc(bytes, '\0');
    return ERR_OK;
}

enum err argument_line_make(const struct argument *row, const struct argument_values *values,
                            struct argument_line *ret_line, struct fault *ret_fault) {
    size_t offsets[ARGUMENT_MAX];
    enum err err = ERR_OK;
    memset(ret_line, 0, sizeof(*ret_line));
    buf_init(&ret_line->bytes, ARGUMENT_BYTES_MAX);
    for (; err == ERR_OK && row->word != NULL; row++) {
        if ((row->when & ~values->facts) != 0)
            continue;
        if (ret_line->count == ARGUMENT_MAX)
            err = fault_set(ret_fault, ERR_TOO_LARGE, "too many arguments");
        else {
            offsets[ret_line->count++] = ret_line->bytes.len;
            err = argument_put(row->word, values, &ret_line->bytes, ret_fault);
        }
    }
    if (err == ERR_OK && ret_line->bytes.failed)
        err = fault_set(ret_fault, ERR_TOO_LARGE, "the command line is too long");
    for (size_t i = 0; err == ERR_OK && i < ret_line->count; i++)
        ret_line->argv[i] = ret_line->bytes.data + offsets[i];
    if (err != ERR_OK)
        argument_line_done(ret_line);
    return err;
}

void argument_line_done(struct argument_line *line) {
    buf_done(&line->bytes);
}
