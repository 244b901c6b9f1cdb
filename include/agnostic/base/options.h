/* options: the command line of every program from one table per program, so that the
 * parser and --help cannot disagree. GNU style: --name VALUE, --name=VALUE, --flag. */
#ifndef AGNOSTIC_BASE_OPTIONS_H
#define AGNOSTIC_BASE_OPTIONS_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

struct option_row {
    const char *name;     /* without dashes */
    const char *argument; /* word for --help, NULL for a flag */
    const char *help;
};

struct options; /* what was given */

/* options_parse(rows, count, argc, argv, &options, &fault): ERR_USAGE names an unknown
 * option, a missing value, or one given twice. "--" ends options. argv must outlive it. */
enum err options_parse(const struct option_row *rows, size_t count, int argc, char **argv,
                       struct options **ret_options, struct fault *ret_fault);
void options_free(struct options *options);

/* options_text(options, name): the value, or NULL when not given. */
const char *options_text(const struct options *options, const char *name);
bool options_flag(const struct options *options, const char *name);
/* options_int(options, name, min, max, fallback, &n, &fault): ERR_USAGE out of range. */
enum err options_int(const struct options *options, const char *name, int64_t min, int64_t max,
                     int64_t fallback, int64_t *ret_n, struct fault *ret_fault);
/* Operands, in order. */
size_t options_count(const struct options *options);
const char *options_operand(const struct options *options, size_t index);
/* options_help(rows, count, buf): the option lines of --help. */
void options_help(const struct option_row *rows, size_t count, struct buf *buf);

#endif
