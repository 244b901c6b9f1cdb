/* options: command lines against a table of rows. Must not know any program. */
#include "agnostic/base/options.h"

#include <inttypes.h>
#include <stdlib.h>

struct options {
    const struct option_row *rows;
    size_t rows_count;
    const char **values; /* one per row; NULL when not given */
    const char **operands;
    size_t operands_count;
};

static long row_named(const struct option_row *rows, size_t count, struct text name) {
    for (size_t i = 0; i < count; i++)
        if (text_is(name, rows[i].name))
            return (long)i;
    return -1;
}

/* word is one "--name" or "--name=value"; next is the word behind it or NULL. Sets
 * *ret_took_next when next was the value. */
static enum err take_option(struct options *options, const char *word, const char *next,
                            bool *ret_took_next, struct fault *fault) {
    struct text rest = text_of(word + 2), name;
    text_cut(&rest, '=', &name);
    const char *inline_value = rest.ptr;
    long i = row_named(options->rows, options->rows_count, name);
    if (i < 0)
        return fault_set(fault, ERR_USAGE, "Unknown option --%.*s", TEXT_ARG(name));
    const struct option_row *row = &options->rows[i];
    if (options->values[i] != NULL)
        return fault_set(fault, ERR_USAGE, "Option --%s is given twice", row->name);
    if (row->argument == NULL && inline_value != NULL)
        return fault_set(fault, ERR_USAGE, "Option --%s takes no value", row->name);
    *ret_took_next = row->argument != NULL && inline_value == NULL;
    options->values[i] = row->argument == NULL ? "" : inline_value != NULL ? inline_value : next;
    if (options->values[i] == NULL)
        return fault_set(fault, ERR_USAGE, "Option --%s needs a value: %s", row->name,
                         row->argument);
    return ERR_OK;
}

static enum err take_all(struct options *options, int argc, char **argv, struct fault *fault) {
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        struct text word = text_of(argv[i]);
        bool took_next = false;
        if (only_operands || word.len < 2 || word.ptr[0] != '-') {
            options->operands[options->operands_count++] = argv[i];
        } else if (text_is(word, "--")) {
            only_operands = true;
        } else if (word.ptr[1] != '-') {
            return fault_set(fault, ERR_USAGE, "Unknown option %s", argv[i]);
        } else {
            const char *next = i + 1 < argc ? argv[i + 1] : NULL;
            enum err err = take_option(options, argv[i], next, &took_next, fault);
            if (err != ERR_OK)
                return err;
        }
        i += took_next;
    }
    return ERR_OK;
}

enum err options_parse(const struct option_row *rows, size_t count, int argc, char **argv,
                       struct options **ret_options, struct fault *ret_fault) {
    struct options *options = calloc(1, sizeof(*options));
    if (options == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    options->rows = rows;
    options->rows_count = count;
    options->values = calloc(count + 1, sizeof(*options->values));
    options->operands = calloc((size_t)(argc > 0 ? argc : 0) + 1, sizeof(*options->operands));
    enum err err = options->values == NULL || options->operands == NULL
                       ? fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM))
                       : take_all(options, argc, argv, ret_fault);
    if (err != ERR_OK) {
        options_free(options);
        return err;
    }
    *ret_options = options;
    return ERR_OK;
}

void options_free(struct options *options) {
    if (options == NULL)
        return;
    free(options->values);
    free(options->operands);
    free(options);
}

const char *options_text(const struct options *options, const char *name) {
    long i = row_named(options->rows, options->rows_count, text_of(name));
    return i < 0 ? NULL : options->values[i];
}

bool options_flag(const struct options *options, const char *name) {
    return options_text(options, name) != NULL;
}

/* Decimal with an optional '-', within int64. */
static bool read_int(struct text t, int64_t *ret_n) {
    bool minus = text_starts(t, TEXT("-"));
    uint64_t n;
    if (!text_u64(minus ? text_make(t.ptr + 1, t.len - 1) : t, INT64_MAX, &n))
        return false;
    *ret_n = minus ? -(int64_t)n : (int64_t)n;
    return true;
}

enum err options_int(const struct options *options, const char *name, int64_t min, int64_t max,
                     int64_t fallback, int64_t *ret_n, struct fault *ret_fault) {
    const char *value = options_text(options, name);
    int64_t n = fallback;
    if (value != NULL && (!read_int(text_of(value), &n) || n < min || n > max))
        return fault_set(ret_fault, ERR_USAGE,
                         "Option --%s must be a whole number from %" PRId64 " to %" PRId64, name,
                         min, max);
    *ret_n = n;
    return ERR_OK;
}

size_t options_count(const struct options *options) {
    return options->operands_count;
}

const char *options_operand(const struct options *options, size_t index) {
    return index < options->operands_count ? options->operands[index] : NULL;
}

void options_help(const struct option_row *rows, size_t count, struct buf *buf) {
    enum { HELP_COLUMN = 24 };
    for (size_t i = 0; i < count; i++) {
        const char *argument = rows[i].argument == NULL ? "" : rows[i].argument;
        size_t start = buf->len;
        buf_printf(buf, "  --%s%s%s", rows[i].name, argument[0] == '\0' ? "" : " ", argument);
        size_t width = buf->len - start;
        if (width > HELP_COLUMN - 2) {
            buf_putc(buf, '\n');
            width = 0;
        }
        buf_printf(buf, "%*s%s\n", (int)(HELP_COLUMN - width), "", rows[i].help);
    }
}
