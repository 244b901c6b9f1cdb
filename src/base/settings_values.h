/* settings_values: the values of all settings while they are read. Private to settings. */
#ifndef BASE_SETTINGS_VALUES_H
#define BASE_SETTINGS_VALUES_H

#include "agnostic/base/settings.h"

enum { SETTINGS_UNKNOWN_MAX = 32 };

/* One row of SETTINGS_TABLE. */
struct settings_row {
    const char *name;
    enum settings_type type;
    const char *unit;
    int64_t min;
    int64_t max;
    const char *fallback;
    bool secret;
    const char *choices;
    const char *help;
};
extern const struct settings_row SETTINGS_ROWS[SETTINGS__COUNT];

struct settings_value {
    char *text;
    int64_t number;
    bool given;         /* not the default */
    unsigned file_line; /* where it was given; 0: the environment */
};

struct settings {
    struct settings_value values[SETTINGS__COUNT];
    char *unknown[SETTINGS_UNKNOWN_MAX];
    size_t unknown_count;
    const char *file_name; /* borrowed while reading, for faults */
    char *file;            /* that was read; NULL: none */
};

/* settings_where(settings, line, dst, size): "FILE line N" or "environment". */
void settings_where(const struct settings *settings, unsigned line, char *dst, size_t size);
/* settings_check_value(row, text, &number, where, &fault): one value by its row. */
enum err settings_check_value(const struct settings_row *row, struct text text, int64_t *ret_number,
                              const char *where, struct fault *fault);
/* settings_check_all(settings, &fault): values that depend on each other, and those with a
 * grammar of their own. Derives AGNOSTIC_BEAT_MS. */
enum err settings_check_all(struct settings *settings, struct fault *fault);

#endif
