/* settings_help: the table of settings as text for people: --help and the sample file. */
#include <inttypes.h>

#include "base/settings_values.h"

const char *settings_name(enum settings_id id) {
    return SETTINGS_ROWS[id].name;
}

/* "200 to 3600000 ms", "yes or no", "any|owner", "16 to 512 bytes". */
static void put_kind(const struct settings_row *row, struct buf *buf) {
    switch (row->type) {
    case SETTINGS_TEXT:
        buf_printf(buf, "at most %" PRId64 " bytes", row->max);
        if (row->min > 1)
            buf_printf(buf, ", at least %" PRId64, row->min);
        break;
    case SETTINGS_INT:
        buf_printf(buf, "%" PRId64 " to %" PRId64 " %s", row->min, row->max, row->unit);
        break;
    case SETTINGS_BOOL:
        buf_puts(buf, "yes or no");
        break;
    case SETTINGS_CHOICE:
        buf_puts(buf, row->choices);
        break;
    }
    if (row->secret)
        buf_puts(buf, ", secret");
}

void settings_help(struct buf *buf, const enum settings_id *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct settings_row *row = &SETTINGS_ROWS[ids[i]];
        buf_printf(buf, "  %s\n      %s\n      (", row->name, row->help);
        put_kind(row, buf);
        buf_printf(buf, "; default %s)\n", row->fallback[0] == '\0' ? "empty" : row->fallback);
    }
}

void settings_sample(struct buf *buf) {
    buf_puts(
        buf,
        "# Settings of agnostic-api, agnostic-runner and agnosticctl.\n"
        "# Read from $AGNOSTIC_CONFIG, else agnostic.conf beside the binary, else\n"
        "# ~/.config/agnostic/agnostic.conf, else /etc/agnostic/agnostic.conf. Variables of the\n"
        "# environment with the same names go first. With a secret in it, this file must be\n"
        "# readable by its owner only (chmod 600). What stands here are the defaults.\n");
    for (size_t id = 0; id < SETTINGS__COUNT; id++) {
        const struct settings_row *row = &SETTINGS_ROWS[id];
        buf_printf(buf, "\n# %s\n# (", row->help);
        put_kind(row, buf);
        buf_printf(buf, ")\n#%s=%s\n", row->name, row->fallback);
    }
}
