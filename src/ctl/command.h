/* command: what a command of agnosticctl is. commands.c has them all. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "agnostic/base/options.h"
#include "agnostic/base/settings.h"

/* Exit statuses. A verdict's own are verdict_exit's: 0 GO, 1 NO_GO, 2 GO_WITH_WARNINGS,
 * 3 INCOMPLETE. */
enum {
    CTL_OK = 0,
    CTL_REFUSED = 1,     /* the service said no */
    CTL_UNREACHABLE = 3, /* no service, or no verdict from it */
    CTL_TIMEOUT = 4,
    CTL_USAGE = 64
};

/* A command's function: does it, prints, returns the exit status. settings is NULL for those
 * that need none. */
typedef int command_run(const struct settings *settings, const struct options *options);

struct command {
    const char *name;     /* "key create" */
    const char *operands; /* of the synopsis, "" for none */
    size_t operands_min, operands_max;
    const struct option_row *options; /* "help" among them */
    size_t options_count;
    bool needs_settings;
    command_run *run;
    const char *summary;     /* one line, no full stop */
    const char *description; /* paragraphs, lines at most 78 columns */
    const char *status;      /* exit status, a line each */
    const char *examples;    /* lines as typed */
};

extern const struct command COMMANDS[];
extern const size_t COMMANDS_COUNT;

/* What every command reads from the environment, for its page. */
extern const char COMMANDS_ENVIRONMENT[];

command_run key_create, key_list, key_revoke, submit_run, task_show_run, task_cancel_run,
    task_retry_run, webhook_deliveries_run, webhook_test_run, doctor_run, config_sample, drill_run,
    artifacts_run, report_run, receipt_run, receipt_keys_run, receipt_verify_run, verdict_run,
    runners_run, queue_run, tasks_run, log_run, events_run;

#endif
