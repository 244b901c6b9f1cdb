/* log: one JSON object a line, to stderr or syslog, chosen once per process.
 *
 *   log_info("task_claimed", LOG_STR("task_id", id), LOG_INT("attempt", n));
 *
 * prints {"ts":"...","level":"info","program":"agnostic-runner","pid":7,
 * "event":"task_claimed","task_id":"...","attempt":1}. Strings are escaped and cut at
 * LOG_VALUE_MAX bytes; a line that cannot be written is dropped, never waited for.
 * Secrets are kept out by never being passed in. */
#ifndef AGNOSTIC_BASE_LOG_H
#define AGNOSTIC_BASE_LOG_H

#include "agnostic/base/text.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };
enum { LOG_VALUE_MAX = 1024 };

struct log_field {
    const char *name;
    bool is_int;
    int64_t number;
    struct text text;
};
#define LOG_STR(name, string) ((struct log_field){(name), false, 0, text_of(string)})
#define LOG_TEXT(name, view) ((struct log_field){(name), false, 0, (view)})
#define LOG_INT(name, n) ((struct log_field){(name), true, (n), {NULL, 0}})

/* log_open(program, to_syslog, least): call once, before the first line. */
void log_open(const char *program, bool to_syslog, enum log_level least);
/* log_open_named(program, "stderr"|"syslog", "debug"|...): the settings' words. */
void log_open_named(const char *program, const char *where, const char *least);

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);
#define LOG__WRITE(level, event, ...)                                                              \
    log_write((level), (event), (struct log_field[]){__VA_ARGS__},                                 \
              sizeof((struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
/* At least one field each. */
#define log_debug(event, ...) LOG__WRITE(LOG_LEVEL_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...) LOG__WRITE(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_warn(event, ...) LOG__WRITE(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_error(event, ...) LOG__WRITE(LOG_LEVEL_ERROR, event, __VA_ARGS__)

#endif
